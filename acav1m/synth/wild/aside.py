"""What is heard in a clip and not seen in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth.wild import act, curve, tempo

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.wild.beat import Floats

SHARE = 0.2


def beside(rng: Generator, dry: Floats, start_s: float, rate_hz: int) -> Floats:
    """Add, in a share of clips, one to three hits of something out of the picture."""
    dry = dry / max(float(np.abs(dry).max()), 1e-9)
    if rng.random() >= SHARE:
        return dry
    times_s = start_s + np.arange(len(dry)) / rate_hz
    seldom = tempo.lone(rng, start_s, float(times_s[-1]))
    other = act.Act(seldom, "struck", curve.flare(rng))
    return np.asarray(dry + rng.uniform(0.1, 0.8) * act.played(other, rng, times_s, rate_hz))
