"""How sure it is that no action can mend a fault of the sound, from what is measured of it.

Each part is the probability that there is no such fault, and their product is the soundness. The
weights were fitted to rendered clips, clean and with planted noise; `soundness_fit.py` fits
them anew.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

HISS_WEIGHTS = (25.0, -0.36, -3.5, -0.53)
"""Log-odds of a hiss that a filter can mend: constant, and per dB of `Hiss`.

In words: steady, and near to the sound. Clean against white and pink noise at 0, 5 and 10 dB,
where a clean clip weighs as much as 20 noisy ones, for what is sound must be left alone.
"""

HUM_WEIGHTS = (14.3, -1.0)
"""The same for a hum: constant, and per dB that the sound stands above it."""

STEADY_SNR_DB, STEADY_PER_DB = -7.0, 0.7
"""Where next to nothing stands out, what is steady is no noise but the sound itself: a waterfall,
an engine that idles. White noise at 0 dB is measured as -6 dB or more."""

BLANK = 0.8
"""Any blank brings the soundness below 0.85, and each makes it worse."""

LOUDNESS_LU, LOUDNESS_SLOPE_LU = 1.5, 0.3
"""How far one gain would bring the sound: half as sound at 1.5 LU, and 0.85 at 1 LU."""

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


def hiss_odds(hiss: Hiss) -> float:
    """Probability that a broad noise lies over the sound.

    >>> round(hiss_odds(Hiss(snr_db=5, spread_db=0.5, peak_db=23)), 2)
    1.0
    >>> round(hiss_odds(Hiss(snr_db=30, spread_db=1.5, peak_db=45)), 2)
    0.0
    """
    stands_out = _logistic(STEADY_PER_DB * (hiss.snr_db - STEADY_SNR_DB))
    constant, *weights = HISS_WEIGHTS
    return stands_out * _logistic(
        constant + sum(weight * value for weight, value in zip(weights, hiss, strict=True))
    )


def hum_odds(snr_db: float) -> float:
    """Probability that a hum lies under a sound that stands `snr_db` above it."""
    constant, weight = HUM_WEIGHTS
    return _logistic(constant + weight * snr_db)


def of_blanks(count: int) -> float:
    """What so many blanks leave."""
    return BLANK**count


def of_loudness(off_lu: float) -> float:
    """What is left where one gain would bring the sound `off_lu` nearer to its target."""
    return _logistic((LOUDNESS_LU - off_lu) / LOUDNESS_SLOPE_LU)


def _logistic(odds: float) -> float:
    return 1 / (1 + exp(-max(-MOST, min(MOST, odds))))
