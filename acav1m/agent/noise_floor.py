"""The broad steady noise under a sound: how strong it is, and how steady.

Powers are mean squares, so that a full-scale sine has 0.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from acav1m.agent.action import Samples

    Floats = NDArray[np.float64]

WINDOW_S = 0.064
SMOOTHING_S = 0.1
LEAST_S = 0.5
"""Of sound other than digital silence; less of it tells nothing of what is steady."""

QUIET_SHARE = 0.1
"""Of the moments, at each frequency by itself: events seldom fill more of them there."""

BIAS_DB = 3.9
"""How far the quietest tenth of smoothed white noise lies below its mean, with these windows."""

TONE_HZ = 400
"""The floor's median over this span leaves out what stands out of it: partials that ring."""

BANDS = 12
BLANK_S, BLANK_POWER = 0.002, 1e-9
EARLY, LATE = 0.05, 0.25
HANN = 1.5
"""Equivalent noise bandwidth of the window, in bins."""

TINY = 1e-14


class Floor(NamedTuple):
    """What is always there."""

    power: float
    spread_db: float
    """From the quietest 5 % to 25 % of the moments, weighed by the floor's power in each band.

    Steady noise has 0.4 (white) to 2 (pink); rain between two gusts, or an engine between two
    revs, has 4 and more.
    """


def floor_of(channels: Samples, rate_hz: int, *, above_hz: float = 0) -> Floor | None:
    """The floor of (channels, n); None where there is too little sound to tell.

    After the minimum statistics of Martin (2001), with a quantile for the minimum so that the
    clip's length does not matter. `above_hz` is where it is measured from: below, it is taken
    for as dense as in the octave above.
    """
    power = _powers(channels, rate_hz)
    hop_s = WINDOW_S / 4
    if power is None or power.shape[1] * hop_s < LEAST_S:
        return None
    from scipy.ndimage import median_filter, uniform_filter1d

    reach = round(SMOOTHING_S / hop_s)
    steady = np.quantile(uniform_filter1d(power, reach, axis=1), QUIET_SHARE, axis=1)
    wide = round(TONE_HZ * WINDOW_S) | 1
    floor = np.minimum(steady, median_filter(steady, wide, mode="nearest"))
    floor = _covered(floor, round(above_hz * WINDOW_S))
    bands = uniform_filter1d(_banded(power), reach, axis=1)
    early, late = np.log10(np.quantile(bands, (EARLY, LATE), axis=1) + TINY)
    weights = _banded(floor[:, None])[:, 0] + TINY
    spread_db = float(np.average(10 * (late - early), weights=weights))
    return Floor(float(floor.sum()) * 10 ** (BIAS_DB / 10), spread_db)


def _powers(channels: Samples, rate_hz: int) -> Floats | None:
    """Power of all channels together, (frequencies, moments), DC and blanks left out."""
    from scipy.signal import stft

    window = round(WINDOW_S * rate_hz / 4) * 4
    if channels.shape[1] < window:
        return None
    spectra = stft(
        channels, nperseg=window, noverlap=window - window // 4, boundary=None, padded=False
    )[2]
    power = np.asarray(2 / HANN * np.mean(np.abs(spectra) ** 2, axis=0, dtype=np.float64))[1:]
    return np.asarray(power[:, _whole(channels, rate_hz, window, power.shape[1])])


def _whole(channels: Samples, rate_hz: int, window: int, moments: int) -> NDArray[np.bool_]:
    """Which moments have no digital silence in them, which no microphone recorded."""
    block = max(1, round(BLANK_S * rate_hz))
    blocks = channels[:, : channels.shape[1] // block * block].reshape(len(channels), -1, block)
    heard = np.mean(blocks.astype(np.float64) ** 2, axis=(0, 2)) > BLANK_POWER
    blanks = np.concatenate([[0], np.cumsum(~heard)])
    starts = np.arange(moments) * (window // 4)
    first = np.minimum(starts // block, heard.size)
    last = np.minimum((starts + window) // block, heard.size)
    return np.asarray(blanks[last] == blanks[first])


def _banded(power: Floats) -> Floats:
    """Sums over bands that widen with frequency, (bands, moments)."""
    edges = np.unique(np.round(np.geomspace(3, power.shape[0], BANDS + 1)).astype(int))
    return np.add.reduceat(power, np.concatenate([[0], edges[1:-1]]), axis=0)


def _covered(floor: Floats, first: int) -> Floats:
    """The floor, below a bin no denser than in the octave above it."""
    if first == 0:
        return floor
    known = floor[first : 2 * first]
    return np.concatenate([np.minimum(floor[:first], known.mean()), floor[first:]])
