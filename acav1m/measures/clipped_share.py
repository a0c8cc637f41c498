"""How much of the sound was cut off at a ceiling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.clip import Clip
from acav1m.steps import Measure, Value

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOP, SHOULDER = 0.85, 0.6
FLAT = 0.75
LOUD = 0.85
SHORTEST = 3
QUIET = 1e-3


class ClippedShare(Measure):
    """Find the share of samples on tops that a ceiling has flattened, from 0 to 1.

    Lossy coding puts ripples on flat tops and turning the volume down moves them, so neither
    full scale nor equal neighbours can be looked for. Between two zero crossings a round wave is
    above 0.85 of its peak for about 0.6 of the time that it is above 0.6 of it; one that was cut
    off, for longer. From 0.75 on its top counts, if it is among the sound's loudest.

    So overdriving a sine by 2 dB is seen. Fast tops (under three samples) are not, and a synth's
    square wave counts as well. Clean recordings reach 0.005.

    >>> from acav1m.testing import FPS, from_arrays, grey, sine, tone
    >>> ClippedShare().measure(tone(seconds=1, level_db=0))
    {'clipped_share': 0.0}
    >>> overdriven = (2 * sine(1, hz=200, level_db=0)).clip(-1, 1)
    >>> found = ClippedShare().measure(from_arrays(grey(1), FPS, overdriven))
    >>> 0.6 < found["clipped_share"] < 0.75
    True
    """

    adds = {"clipped_share": float}

    def measure(self, clip: Clip) -> dict[str, Value]:
        shares = [_clipped_share(channel) for channel in clip.track().samples]
        return {"clipped_share": float(np.mean(shares))}


def _clipped_share(samples: NDArray[np.float32]) -> float:
    level = np.abs(samples)
    loud = LOUD * np.quantile(level, 0.99)
    if loud < QUIET:
        return 0.0
    below = np.signbit(samples)
    starts = np.flatnonzero(np.diff(below, prepend=~below[:1]))
    peaks = np.maximum.reduceat(level, starts)
    height = level / np.repeat(np.maximum(peaks, QUIET), np.diff(starts, append=level.size))
    at_top = np.add.reduceat(height >= TOP, starts, dtype=np.int64)
    above_shoulder = np.add.reduceat(height >= SHOULDER, starts, dtype=np.int64)
    flat = (at_top >= FLAT * above_shoulder) & (at_top >= SHORTEST) & (peaks >= loud)
    return float(at_top[flat].sum() / level.size)
