"""What moves and is not heard: passers-by, leaves, lamps, hands at other work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth.wild import act, curve, performer
from acav1m.synth.wild.part import Pose
from acav1m.synth.wild.stage import body, drawn_size

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.wild.part import Part
    from acav1m.synth.wild.stage import Stage


def draw(rng: Generator, stage: Stage) -> list[Part]:
    """Draw silent movers: none to four that are smooth, and seldom one with jerks of its own."""
    parts: list[Part] = []
    for _ in range(int(rng.choice((0, 1, 2, 4), p=(0.5, 0.28, 0.15, 0.07)))):
        parts += [_smooth(rng, stage)]
    if rng.random() < 0.15:
        other = act.draw(rng, float(stage.times_s.min()), float(stage.times_s.max()))
        small = stage._replace(half_width=stage.half_width * 1.2)
        parts += performer.cast(rng, other, small)
    return parts


def _smooth(rng: Generator, stage: Stage) -> Part:
    """One thing that drifts, turns or crosses the picture."""
    size, times_s = drawn_size(rng) * 0.6, stage.times_s
    x, y = stage.spot(rng, 0.0)
    reach, fast_hz = rng.uniform(0, 0.5), rng.uniform(0.2, 1.2)
    crossing = rng.choice((0.0, 0.0, rng.uniform(-0.8, 0.8)))
    spin = rng.choice((0.0, 0.0, rng.uniform(-4, 4)))
    pose = Pose(
        x=x + reach * curve.wander(rng, times_s, 0.1, fast_hz) + crossing * (times_s - 2.5),
        y=y + reach * curve.wander(rng, times_s, 0.1, fast_hz),
        angle=0.6 * curve.wander(rng, times_s, 0.05, fast_hz) + spin * times_s,
        light=np.maximum(1 + rng.choice((0.0, 0.3)) * curve.wander(rng, times_s, 0.2, 2), 0.2),
    )
    return body(rng, size, pose)
