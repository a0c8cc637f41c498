"""What flies off at a hit: sparks, splinters, drops, dust, smoke."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth.wild import sprite, texture
from acav1m.synth.wild.beat import beats
from acav1m.synth.wild.part import Part, Pose

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.rhythm import Rhythm
    from acav1m.synth.wild.stage import Stage


def spray(rng: Generator, rhythm: Rhythm, stage: Stage, x: float, y: float) -> list[Part]:
    """Draw bits that burst from (x, y) at every hit, fly in arcs and are gone."""
    when = beats(rhythm, stage.times_s)
    life_s, fast, pull = rng.uniform(0.08, 0.5), rng.uniform(0.5, 4), rng.choice((0.0, 3.0))
    age_s = np.minimum(when.age_s, life_s)
    left = (0.3 + 0.7 * when.strength) * np.maximum(1 - when.age_s / life_s, 0)
    size, slow = rng.uniform(0.04, 0.22), rng.uniform(0, 4)
    bit = sprite.oval(rng, 8, 8, np.clip(texture.palette(rng)[0] * rng.uniform(0.7, 2), 0, 255))
    far = fast * age_s / (1 + slow * age_s)
    middle, spread = rng.uniform(0, 2 * np.pi), rng.uniform(0.3, np.pi)
    parts = []
    for _ in range(int(rng.integers(3, 9))):
        way, speed = middle + rng.uniform(-1, 1) * spread, rng.uniform(0.3, 1)
        pose = Pose(
            x=x + speed * far * np.cos(way),
            y=y + speed * far * np.sin(way) + pull * age_s**2,
            wide=np.maximum(left, 1e-3),
            high=np.maximum(left, 1e-3),
        )
        parts.append(Part(bit, pose, (size, size), (0.5, 0.5)))
    return parts
