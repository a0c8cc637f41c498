"""How the wild is filmed: held, carried, panned, zoomed, cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth.wild.beat import beats
from acav1m.synth.wild.curve import jerk, quiver, wander

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.rhythm import Rhythm
    from acav1m.synth.wild.beat import Floats
    from acav1m.synth.wild.shots import Shots


def path(rng: Generator, taken: Shots, width: int, height: int, *, upright: bool = False) -> Floats:
    """Draw a camera and return how it maps units to pixels in every shot, (n, 3, 3).

    An `upright` camera neither rolls nor stretches; in a calm clip it stands still but for cuts.
    """
    times_s = taken.middle_s
    moving_s = 0 * times_s if taken.calm else times_s
    shots = _shots(rng, times_s)
    out = np.zeros((len(times_s), 3, 3))
    for shot in range(shots.max() + 1):
        seen = shots == shot
        first = shot == 0
        out[seen] = _shot(rng, moving_s[seen], width, height, upright=upright, first=first)
    return out


def jolted(rng: Generator, view: Floats, rhythm: Rhythm, times_s: Floats) -> Floats:
    """Knock a camera at every hit."""
    knock = (jerk if rng.random() < 0.5 else quiver)(rng)(beats(rhythm, times_s))
    way, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0.03, 0.15)
    moved = view.copy()
    moved[:, 0, 2] += np.cos(way) * reach * knock * np.abs(view[:, 0, 0])
    moved[:, 1, 2] += np.sin(way) * reach * knock * np.abs(view[:, 1, 1])
    return moved


def _shots(rng: Generator, times_s: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Number the shot of every picture: mostly one, sometimes two or three."""
    cuts = int(rng.choice((0, 1, 2), p=(0.86, 0.1, 0.04)))
    at_s = np.sort(rng.uniform(times_s[0], times_s[-1], cuts))
    return np.asarray(np.searchsorted(at_s, times_s), np.int64)


def _shot(
    rng: Generator, times_s: Floats, width: int, height: int, *, upright: bool, first: bool
) -> Floats:
    unit, n = min(width, height) / 2, len(times_s)
    tremble = float(rng.choice((0.0, 0.004, 0.012, 0.03), p=(0.55, 0.2, 0.15, 0.1)))
    roam = rng.uniform(0, 0.15) * (rng.random() < 0.4)
    travel = rng.choice((0.0, 0.0, 0.0, rng.uniform(-0.15, 0.15)))
    since_s = times_s - times_s.mean() if n else times_s
    move = [
        tremble * wander(rng, times_s, 1.5, 7) + roam * wander(rng, times_s, 0.05, 0.4)
        for _ in "xy"
    ]
    move[0] = move[0] + travel * since_s
    closer = rng.uniform(0.85, 1.2) if first else rng.uniform(0.7, 1.6)
    zoom = closer * np.exp(rng.choice((0.0, 0.0, rng.uniform(-0.08, 0.08))) * since_s)
    roll = rng.normal(0, 0.05) + tremble * wander(rng, times_s, 0.5, 4)
    wide, high = np.exp(rng.uniform(-0.15, 0.15, 2))
    mirror = 1 if first else rng.choice((-1, 1))
    if upright:
        roll, wide, high, mirror = 0 * roll, 1.0, 1.0, 1
    cos, sin = np.cos(roll), np.sin(roll)
    out = np.zeros((n, 3, 3))
    out[:, 0, 0], out[:, 0, 1] = unit * zoom * wide * cos * mirror, -unit * zoom * wide * sin
    out[:, 1, 0], out[:, 1, 1] = unit * zoom * high * sin * mirror, unit * zoom * high * cos
    out[:, 0, 2], out[:, 1, 2] = width / 2 + unit * move[0], height / 2 + unit * move[1]
    out[:, 2, 2] = 1
    return out
