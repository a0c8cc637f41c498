"""The broad steady noise under a sound: how strong it is, and how steady."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from acav1m.agent.spectrogram import BIN_HZ, HOP_S

if TYPE_CHECKING:
    from acav1m.agent.spectrogram import Floats

SMOOTHING_S = 0.1
QUIET_SHARE = 0.1
"""Of the moments, at each frequency by itself: events seldom fill more of them there."""

BIAS_DB = 3.9
"""How far the quietest tenth of smoothed white noise lies below its mean, with these windows."""

TONE_HZ = 400
"""The floor's median over this span leaves out what stands out of it: partials that ring."""

BANDS = 12
EARLY, LATE = 0.05, 0.25
TINY = 1e-14


class Floor(NamedTuple):
    """What is always there."""

    power: float
    spread_db: float
    """From the quietest 5 % to 25 % of the moments, weighed by the floor's power in each band.

    Steady noise has 0.4 (white) to 2 (pink); rain between two gusts, or an engine between two
    revs, has 4 and more.
    """


def floor_of(power: Floats, *, above_hz: float = 0) -> Floor:
    """The floor of (frequencies, moments) as `whole_moments` gives them.

    After the minimum statistics of Martin (2001), with a quantile for the minimum so that the
    clip's length does not matter. `above_hz` is where it is measured from: below, it is taken
    to be no denser than in the octave above.
    """
    from scipy.ndimage import median_filter

    steady = np.quantile(smoothed(power), QUIET_SHARE, axis=1)
    wide = round(TONE_HZ / BIN_HZ) | 1
    floor = np.minimum(steady, median_filter(steady, wide, mode="nearest"))
    floor = _covered(floor, round(above_hz / BIN_HZ))
    early, late = np.quantile(smoothed(_banded(power)), (EARLY, LATE), axis=1) + TINY
    weights = _banded(floor[:, None])[:, 0] + TINY
    spread_db = float(np.average(10 * np.log10(late / early), weights=weights))
    return Floor(float(floor.sum()) * 10 ** (BIAS_DB / 10), spread_db)


def smoothed(power: Floats) -> Floats:
    """Means over a tenth of a second."""
    from scipy.ndimage import uniform_filter1d

    return np.asarray(uniform_filter1d(power, round(SMOOTHING_S / HOP_S), axis=1))


def _banded(power: Floats) -> Floats:
    """Sums over bands that widen with frequency, (bands, moments)."""
    edges = np.unique(np.round(np.geomspace(3, power.shape[0], BANDS + 1)).astype(int))
    return np.asarray(np.add.reduceat(power, np.concatenate([[0], edges[1:-1]]), axis=0))


def _covered(floor: Floats, first: int) -> Floats:
    """The floor, below a bin no denser than in the octave above it."""
    if first == 0:
        return floor
    known = floor[first : 2 * first]
    return np.concatenate([np.minimum(floor[:first], known.mean()), floor[first:]])
