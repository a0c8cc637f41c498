"""Faces: a mouth that opens with the sound, while head and eyes go their own ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth.wild import curve, sprite, texture
from acav1m.synth.wild.beat import beats
from acav1m.synth.wild.part import Part, Pose
from acav1m.synth.wild.stage import pixels

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.wild.act import Act
    from acav1m.synth.wild.beat import Floats
    from acav1m.synth.wild.stage import Stage


def face(rng: Generator, act: Act, stage: Stage) -> list[Part]:
    """Draw somebody from the shoulders up, large or small."""
    size = float(np.exp(rng.uniform(np.log(0.5), np.log(1.9))))
    x, y = stage.spot(rng, 0.45)
    head = _head(rng, stage.times_s, size).moved(x, y)
    opening = act.opening(beats(act.seen or act.rhythm, stage.times_s))
    flesh = texture.skin(rng) if rng.random() < 0.85 else texture.palette(rng)[0]
    tall = size * rng.uniform(0.55, 0.8) / 0.75

    hair, cloth = texture.palette(rng)[0] * 0.6, texture.palette(rng)[0]
    shoulders = Pose(x=x, y=y + 1.05 * size).moved(0.3 * (head.x - x), 0.2 * (head.y - y))
    jaw = attached(head, 0, size * (0.12 + rng.uniform(0, 0.08) * opening))
    return [
        _oval(rng, cloth, shoulders, 1.9 * size, 1.2 * size),
        _oval(rng, flesh * 0.9, attached(head, 0, 0.45 * size), 0.35 * size, 0.5 * size),
        _oval(rng, hair, attached(head, 0, -0.1 * size), 0.86 * size, 1.1 * tall),
        _oval(rng, flesh, jaw, 0.66 * size, 0.85 * tall),
        _oval(rng, flesh, head, 0.72 * size, 0.85 * tall),
        *_eyes(rng, head, stage.times_s, size),
        _mouth(rng, head, flesh, opening, size),
    ]


def attached(head: Pose, x: Floats | float, y: Floats | float) -> Pose:
    """Something fixed to a head that turns: `x`, `y` from its middle."""
    cos, sin = np.cos(head.angle), np.sin(head.angle)
    return head.moved(cos * x - sin * y, sin * x + cos * y)


def _head(rng: Generator, times_s: Floats, size: float) -> Pose:
    """How a head moves in talk, at no syllable's pace."""
    amount = size * float(np.exp(rng.uniform(np.log(0.004), np.log(0.12))))
    return Pose(
        x=amount * curve.wander(rng, times_s, 0.1, 1.0),
        y=0.7 * amount * curve.wander(rng, times_s, 0.1, 1.3),
        angle=0.8 * amount / size * curve.wander(rng, times_s, 0.1, 0.9),
    )


def _eyes(rng: Generator, head: Pose, times_s: Floats, size: float) -> list[Part]:
    """Eyes that look about a little, and blink."""
    look = 0.02 * size * np.sign(curve.wander(rng, times_s, 0.2, 0.7))
    blink_s = rng.uniform(0, 6, 2)
    shut = np.any(np.abs(times_s[..., None] - blink_s) < 0.08, axis=-1)
    colour = np.full(3, rng.uniform(10, 70))
    eyes = []
    for side in (-1, 1):
        at = attached(head, side * 0.16 * size + look, -0.06 * size)
        pose = Pose(at.x, at.y, at.angle, 1.0, np.where(shut, 0.2, 1.0))
        eyes.append(_oval(rng, colour, pose, 0.12 * size, 0.07 * size))
    return eyes


def _mouth(rng: Generator, head: Pose, flesh: Floats, opening: Floats, size: float) -> Part:
    """A mouth that gets higher and mostly narrower as it opens."""
    at = attached(head, 0, 0.24 * size + 0.03 * size * opening)
    high = rng.uniform(0.08, 0.35) + opening * rng.uniform(0.25, 1.0)
    wide = 1 - rng.uniform(0, 0.35) * opening
    dark = np.array((90, 35, 35)) * rng.uniform(0.3, 1.3)
    colour = dark + (flesh - dark) * rng.uniform(0, 0.6)
    pose = Pose(at.x, at.y, at.angle, wide, high)
    return _oval(rng, colour, pose, rng.uniform(0.24, 0.36) * size, rng.uniform(0.14, 0.3) * size)


def _oval(rng: Generator, colour: Floats, pose: Pose, wide: float, high: float) -> Part:
    return Part(sprite.oval(rng, *pixels(wide, high), colour), pose, (wide, high), (0.5, 0.5))
