"""The stage of a wild clip: when and where things are seen, and how they move on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from acav1m.synth.wild import curve, sprite
from acav1m.synth.wild.part import Part, Pose

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.wild.beat import Floats

PIXELS = 48
"""Pixels of a sprite to a unit, which is half the picture's shorter side."""

MOTIONS = (
    ("shift",),
    ("shift",),
    ("shift",),
    ("turn",),
    ("turn",),
    ("shift", "turn"),
    ("grow",),
    ("grow", "shift"),
    ("light",),
    ("light", "grow"),
)
"""Ways to turn a displacement into a motion, the likelier the more often named."""


class Stage(NamedTuple):
    """Where and when: the instants of every exposure, and how far the picture reaches."""

    times_s: Floats
    """(pictures, instants)."""

    half_width: float
    half_height: float

    def spot(self, rng: Generator, inset: float) -> tuple[float, float]:
        """Draw a place in the picture, so far from its edges as a share of its half."""
        x, y = rng.uniform(-1, 1, 2) * (1 - inset)
        return float(x) * self.half_width, float(y) * self.half_height


def drawn_size(rng: Generator) -> float:
    """Draw how large a thing is, in units: a twelfth of the picture to most of it."""
    return float(np.exp(rng.uniform(np.log(0.17), np.log(1.7))))


def driven(rng: Generator, moved: Floats, size: float) -> Pose:
    """Turn a displacement into a motion of some kind, as large as a thing of that size makes."""
    way, kinds = rng.uniform(0, 2 * np.pi), MOTIONS[int(rng.integers(len(MOTIONS)))]
    reach = max(size * rng.uniform(0.12, 0.9), 0.06)
    swing = rng.choice((-1, 1)) * rng.uniform(0.2, 1.2)
    grow = rng.uniform(-0.35, 0.8, 2)
    shift = moved * reach * ("shift" in kinds)
    sizes = 1 + moved[..., None] * grow * ("grow" in kinds)
    return Pose(
        x=np.cos(way) * shift,
        y=np.sin(way) * shift,
        angle=moved * swing * ("turn" in kinds),
        wide=np.maximum(sizes[..., 0], 0.05),
        high=np.maximum(sizes[..., 1], 0.05),
        light=np.maximum(1 + moved * rng.uniform(0.5, 3) * ("light" in kinds), 0),
    )


def body(rng: Generator, size: float, pose: Pose, pivot: tuple[float, float] = (0.5, 0.5)) -> Part:
    """A thing about `size` units large, in that pose."""
    wide, high = size * np.sort(rng.uniform(0.5, 1, 2))[:: int(rng.choice((-1, 1)))]
    return Part(sprite.thing(rng, *pixels(wide, high)), pose, (wide, high), pivot)


def sway(rng: Generator, times_s: Floats, size: float) -> Pose:
    """How a living thing is never quite still."""
    amount = size * float(rng.choice((0.0, 0.02, 0.08, 0.2)))
    return Pose(
        x=amount * curve.wander(rng, times_s, 0.1, 0.8),
        y=amount * 0.6 * curve.wander(rng, times_s, 0.1, 0.8),
        angle=0.5 * amount * curve.wander(rng, times_s, 0.1, 0.6),
    )


def pixels(wide: float, high: float) -> tuple[int, int]:
    """How many pixels a sprite of that size in units is given."""
    return max(round(wide * PIXELS), 4), max(round(high * PIXELS), 4)
