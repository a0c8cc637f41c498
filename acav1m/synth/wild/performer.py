"""Who performs an act: anything that can move, of any look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth.wild import curve, sprite, tempo
from acav1m.synth.wild.beat import beats
from acav1m.synth.wild.face import face
from acav1m.synth.wild.part import Part, Pose
from acav1m.synth.wild.spray import spray
from acav1m.synth.wild.stage import body, drawn_size, driven, pixels, sway

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.wild.act import Act
    from acav1m.synth.wild.beat import Beats, Floats
    from acav1m.synth.wild.stage import Stage

SPRAYED = 0.18
"""The share of sharp acts at whose hits something flies off."""


def cast(rng: Generator, act: Act, stage: Stage) -> list[Part]:
    """Draw a performer for an act; its parts in the order they are drawn."""
    names = list(_SHARES)
    weights = np.array(list(_SHARES.values()), float)
    if act.manner == "voiced":
        weights[names.index("face")] = 1.6
    chosen = str(rng.choice(names, p=weights / weights.sum()))
    parts = _LAYOUTS[chosen](rng, act, stage)
    if act.impulsive and rng.random() < SPRAYED:
        at = parts[0].pose
        parts += spray(
            rng, act.seen or act.rhythm, stage, float(np.mean(at.x)), float(np.mean(at.y))
        )
    return parts


def _beats(act: Act, stage: Stage) -> Beats:
    return beats(act.seen or act.rhythm, stage.times_s)


def _moved(rng: Generator, act: Act, stage: Stage) -> Floats:
    return act.curve(rng)(_beats(act, stage))


def _thing(rng: Generator, act: Act, stage: Stage) -> list[Part]:
    """One thing that does it all, perhaps upon another."""
    size = drawn_size(rng)
    x, y = stage.spot(rng, 0.3)
    idle = sway(rng, stage.times_s, size)
    pose = driven(rng, _moved(rng, act, stage), size).moved(x + idle.x, y + idle.y)
    pivot = ((0.5, 0.5), (0.5, 0.0), (0.5, 1.0), (0.0, 0.5))[int(rng.integers(4))]
    below = [body(rng, drawn_size(rng), Pose(x, y + 0.5 * size))] if rng.random() < 0.4 else []
    return [*below, body(rng, size, pose, pivot)]


def _tool(rng: Generator, act: Act, stage: Stage) -> list[Part]:
    """An arm, stick or bow that works on something, coming in from any side."""
    length, base = rng.uniform(0.5, 2.2), rng.uniform(0, 2 * np.pi)
    thick = length * rng.uniform(0.08, 0.35)
    x, y = stage.spot(rng, 0.35)
    moved = _moved(rng, act, stage)
    swing = rng.choice((-1, 1)) * rng.uniform(0.15, 1.2) * float(rng.choice((0, 1, 1)))
    reach = rng.uniform(0.15, 0.6) if swing == 0 else rng.uniform(0, 0.2)
    pose = Pose(
        x=x + length * np.sin(base) + moved * reach * np.sin(base),
        y=y - length * np.cos(base) - moved * reach * np.cos(base),
        angle=base + moved * swing,
    )
    idle = sway(rng, stage.times_s, thick)
    pose = pose.moved(idle.x, idle.y)
    arm = Part(sprite.limb(rng, *pixels(thick, length)), pose, (thick, length), (0.5, 0.0))
    size = drawn_size(rng)
    answer = driven(rng, curve.quiver(rng)(_beats(act, stage)), size * 0.3)
    target = body(rng, size, (answer if rng.random() < 0.4 else Pose()).moved(x, y + 0.3 * size))
    return [target, arm] if rng.random() < 0.85 else [arm, target]


def _pair(rng: Generator, act: Act, stage: Stage) -> list[Part]:
    """Two alike that meet, or part: hands, cymbals, jaws, doors."""
    size, way = drawn_size(rng) * 0.7, rng.uniform(0, np.pi)
    moved = np.abs(_moved(rng, act, stage)) * max(size * rng.uniform(0.3, 1.0), 0.08)
    x, y = stage.spot(rng, 0.35)
    parts = []
    wide, high = size * rng.uniform(0.4, 1), size
    image = sprite.thing(rng, *pixels(wide, high))
    for side in (-1, 1):
        gap = side * (moved * float(rng.choice((0.3, 1, 1))) + 0.45 * size)
        pose = Pose(x=x + gap * np.cos(way), y=y + gap * np.sin(way), angle=way)
        image = sprite.flipped(image)
        parts.append(Part(image, pose, (wide, high), (0.5, 0.5)))
    return parts


def _creature(rng: Generator, act: Act, stage: Stage) -> list[Part]:
    """A body that sways, with a head that jerks at every cry, and eyes."""
    size = max(drawn_size(rng), 0.35)
    x, y = stage.spot(rng, 0.35)
    idle = sway(rng, stage.times_s, size)
    head = driven(rng, _moved(rng, act, stage), 0.5 * size)
    head = head.moved(x + idle.x, y + idle.y)
    trunk = body(rng, size * 1.4, idle.moved(x + rng.uniform(-0.6, 0.6) * size, y + 0.7 * size))
    eye = sprite.oval(rng, 6, 6, np.full(3, rng.uniform(0, 50)))
    eyes = [
        Part(eye, head.moved(side * 0.22 * size, -0.1 * size), (0.12 * size,) * 2, (0.5, 0.5))
        for side in (-1, 1)
    ]
    return [trunk, body(rng, size, head), *eyes]


def _row(rng: Generator, act: Act, stage: Stage) -> list[Part]:
    """Several alike of which one moves at a time: keys, drums, feet, fingers."""
    count, size = int(rng.integers(2, 6)), drawn_size(rng) * 0.6
    wide, high = size * rng.uniform(0.3, 1), size
    image, way = sprite.thing(rng, *pixels(wide, high)), rng.choice((0.0, np.pi / 2, 0.4))
    x, y = stage.spot(rng, 0.5)
    drive, motion_seed = act.curve(rng), int(rng.integers(2**31))
    parts = []
    for number, rhythm in enumerate(tempo.share(rng, act.seen or act.rhythm, count)):
        along = (number - (count - 1) / 2) * size * 1.05
        moved = drive(beats(rhythm, stage.times_s))
        pose = driven(np.random.default_rng(motion_seed), moved, size)
        pose = pose.moved(x + along * np.cos(way), y + along * np.sin(way))
        parts.append(Part(image, pose, (wide, high), (0.5, 0.5)))
    return parts


_SHARES = {"thing": 0.3, "tool": 0.32, "pair": 0.12, "creature": 0.12, "row": 0.1, "face": 0.04}
_LAYOUTS = {
    "thing": _thing,
    "tool": _tool,
    "pair": _pair,
    "creature": _creature,
    "row": _row,
    "face": face,
}
