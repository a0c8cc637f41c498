"""How sure it is that no action can mend a fault of the sound, from what is measured of it.

Each part is the probability that there is no such fault, and their product is the soundness. The
weights of hiss and babble were fitted to rendered clips, clean and with planted noise, by
`soundness_fit.py`; their constants are the fitted ones less 0.5, so that of other clean clips
fewer than one of fifty falls below 0.85.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HISS_WEIGHTS = (20.5, -0.245, -3.65, -0.477)
"""Log-odds of a hiss that a filter can mend: constant, and per dB of `Hiss`.

In words: it is steady, and near to the sound.
"""

HUM_WEIGHTS = (8.1, -0.45)
"""Log-odds of a hum: constant, and per dB that the sound stands above it.

Hum of two tones or more parts clean clips from noisy ones at any level, so a fit (27.6, -0.905)
says little: it calls for work at 30 dB, and sees no merit in a filter that leaves 18 dB. These
are set by hand: as likely as not at 18 dB, and gentle enough for each step towards it to show.
"""

BABBLE_WEIGHTS = (14.8, -1.394, -1.654, -0.389)
"""Log-odds of babble: constant, and per dB of `Babble`."""

STEADY_SNR_DB, STEADY_PER_DB = -7.0, 0.7
"""Where next to nothing stands out, what is steady is no noise but the sound itself: a waterfall,
an engine that idles. White noise at 0 dB is measured as -6 dB or more."""

MENDABLE = 0.7
"""The least that blanks, or a wrong loudness, leave of the soundness.

They mend for certain, so that a filter's merit should still show beside them.
"""

BLANK, MORE_BLANKS = 0.8, 0.9
"""What one blank leaves, and how the rest shrinks with each more."""

LOUDNESS_LU, LOUDNESS_SLOPE_LU = 1.0, 0.3
"""At 1 LU that one gain would mend, 0.85 is left."""

NAMED = 0.15
"""A noise is named once it is this likely: what keeps the soundness below 0.85 has a name."""

MOST = 60.0
"""Of log-odds: beyond, an exponential overflows and nothing changes."""


class Hiss(NamedTuple):
    """What tells a broad noise over a sound from the sound's own hush, in dB."""

    snr_db: float
    """The sound's RMS over that of the floor."""
    spread_db: float
    """How much the floor's level changes."""
    peak_db: float
    """The sound's peak over the RMS of the floor."""


class Babble(NamedTuple):
    """What tells many voices from few, in dB; see `babble.Voices`."""

    snr_db: float
    """The sound's RMS, voices and all, over that of the voices."""
    rise_db: float
    peaks_db: float


def hiss_odds(hiss: Hiss) -> float:
    """Probability that a broad noise lies over the sound.

    >>> round(hiss_odds(Hiss(snr_db=5, spread_db=0.5, peak_db=23)), 2)
    1.0
    >>> round(hiss_odds(Hiss(snr_db=30, spread_db=1.5, peak_db=45)), 2)
    0.0
    """
    return _logistic(_weighed(HISS_WEIGHTS, hiss))


def hum_odds(snr_db: float) -> float:
    """Probability that a hum lies under a sound that stands `snr_db` above it."""
    return _logistic(_weighed(HUM_WEIGHTS, (snr_db,)))


def babble_odds(babble: Babble) -> float:
    """Probability that many voices are heard besides the sound."""
    return _logistic(_weighed(BABBLE_WEIGHTS, babble))


def stands_out(snr_db: float | None) -> float:
    """How sure it is that there is a sound besides the noise; None where nothing is above it."""
    return 0.0 if snr_db is None else _logistic(STEADY_PER_DB * (snr_db - STEADY_SNR_DB))


def of_blanks(count: int) -> float:
    """What so many blanks leave of the soundness.

    >>> [of_blanks(0), round(of_blanks(1), 2), round(of_blanks(4), 2)]
    [1.0, 0.8, 0.77]
    """
    return MENDABLE + (BLANK - MENDABLE) * MORE_BLANKS ** (count - 1) if count else 1.0


def of_loudness(off_lu: float) -> float:
    """What is left where one gain would bring the sound `off_lu` nearer to its target.

    >>> [round(of_loudness(lu), 2) for lu in (0, 1, 6)]
    [0.99, 0.85, 0.7]
    """
    return MENDABLE + (1 - MENDABLE) * _logistic((LOUDNESS_LU - off_lu) / LOUDNESS_SLOPE_LU)


def _weighed(weights: Sequence[float], values: Iterable[float]) -> float:
    constant, *others = weights
    return constant + sum(weight * value for weight, value in zip(others, values, strict=True))


def _logistic(odds: float) -> float:
    return 1 / (1 + exp(-max(-MOST, min(MOST, odds))))
