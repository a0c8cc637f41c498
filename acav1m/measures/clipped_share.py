"""How much of the sound was cut off at a ceiling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.clip import Clip
from acav1m.steps import Measure, Value

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOP, SHOULDER, OVERSHOOT = 0.9, 0.6, 1.2
FLAT = 0.75
SHORTEST = 3
QUIET = 1e-3


class ClippedShare(Measure):
    """Share of samples on tops that a ceiling has flattened, from 0 to 1.

    Lossy coding puts ripples on flat tops and turning the volume down moves them, so neither
    full scale nor equal neighbours can be looked for. A wave that is above 0.6 of the sound's
    highest level is above 0.9 of it for half that time where it is round (0.49 for a sine) and
    for nearly all of it where it is cut off: from 0.75 on a top counts. So overdriving a sine
    by 2 dB or more is seen; a square wave counts too, and tops under three samples never do.

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
    ceiling = float(np.quantile(level, 0.999))  # not the maximum, which one overshoot would set
    if ceiling < QUIET:
        return 0.0
    starts, lengths = _waves(samples, SHOULDER * ceiling)
    if not starts.size:
        return 0.0
    ends = np.stack([starts, starts + lengths], axis=1).ravel()
    padded = np.append(level, 0)
    at_top = np.add.reduceat(padded >= TOP * ceiling, ends)[::2]
    highest = np.maximum.reduceat(padded, ends)[::2]
    flat = (at_top >= FLAT * lengths) & (at_top >= SHORTEST) & (highest <= OVERSHOOT * ceiling)
    return float(at_top[flat].sum() / level.size)


def _waves(
    samples: NDArray[np.float32], shoulder: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Start and length of each run of samples beyond the shoulder on one side."""
    side = np.where(samples > shoulder, 1, np.where(samples < -shoulder, -1, 0))
    borders = np.flatnonzero(np.diff(side, prepend=0, append=0))
    starts, lengths = borders[:-1], np.diff(borders)
    beyond = side[starts] != 0
    return starts[beyond], lengths[beyond]
