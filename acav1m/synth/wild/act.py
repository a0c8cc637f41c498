"""What is done, apart from how it looks: a rhythm, how it moves, and how that sounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound
from acav1m.synth.wild import carrier, curve, tempo, timbre
from acav1m.synth.wild.beat import beats

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.rhythm import Rhythm
    from acav1m.synth.wild.beat import Beats, Floats
    from acav1m.synth.wild.curve import Curve

MANNERS = {"struck": 0.6, "voiced": 0.32, "rubbed": 0.08}


ASTRAY = 0.25
"""The share of sharp acts of which some hits are only seen and some only heard."""


@dataclass(frozen=True)
class Act:
    """One performance: what the picture shows and what the sound follows."""

    rhythm: Rhythm
    manner: str
    """`struck`: a grain at every hit; `voiced`: a carrier that opens; `rubbed`: one that
    follows the speed of the motion."""

    opening: Curve
    """How far a voice is open, or where a rubbing thing is."""

    seen: Rhythm | None = None
    """What the picture follows where some motions make no sound; else `rhythm`, as for `heard`."""

    heard: Rhythm | None = None

    @property
    def impulsive(self) -> bool:
        """Whether a hit is heard as a sharp onset."""
        return self.manner == "struck"

    def curve(self, rng: Generator) -> Curve:
        """Draw how a thing that performs this act moves; another one at every call."""
        if self.manner == "rubbed":
            return self.opening
        if self.manner == "voiced":
            moved: Curve = (curve.jerk, curve.quiver, curve.swell)[int(rng.integers(3))](rng)
            return self.opening if rng.random() < 0.6 else moved
        return curve.SHARP[int(rng.integers(len(curve.SHARP)))](rng)


def draw(rng: Generator, start_s: float, end_s: float) -> Act:
    """Draw an act between two instants."""
    manner = str(rng.choice(list(MANNERS), p=list(MANNERS.values())))
    if manner == "struck":
        hits = tempo.draw(rng, start_s, end_s)
        both, seen, heard = tempo.astray(rng, hits) if rng.random() < ASTRAY else (hits,) * 3
        return Act(both, manner, curve.flare(rng), seen, heard)
    if manner == "rubbed":
        return Act(tempo.strokes(rng, start_s, end_s), manner, stroke(rng))
    spoken = tempo.syllables(rng, start_s, end_s)
    return Act(
        spoken if rng.random() < 0.75 else tempo.draw(rng, start_s, end_s),
        manner,
        curve.swell(rng),
    )


def stroke(rng: Generator) -> Curve:
    """Go to another place after every hit, gently there and gently stopping."""
    longest_s, spots = rng.uniform(0.3, 0.9), curve.places(rng)

    def at(beats: Beats) -> Floats:
        span_s = np.minimum(beats.age_s + beats.until_s, longest_s)
        here, there = spots[beats.number % 64], spots[(beats.number + 1) % 64]
        return here + (there - here) * curve.smooth(beats.age_s / span_s)

    return at


def played(act: Act, rng: Generator, times_s: Floats, rate_hz: int) -> Floats:
    """The dry sound of an act at evenly spaced times, about 1 at most."""
    if act.manner == "struck":
        return _hits(act, rng, times_s, rate_hz)
    coarse_s = times_s[:: rate_hz // 200]
    opening = act.opening(beats(act.rhythm, coarse_s))
    if act.manner == "rubbed":
        speed = np.abs(np.gradient(opening, coarse_s)) / 6
        gain = np.interp(times_s, coarse_s, np.minimum(speed, 1) ** rng.uniform(0.6, 1.5))
        return gain * carrier.rub(rng, times_s, rate_hz)
    gain = np.interp(times_s, coarse_s, opening) ** rng.uniform(0.8, 1.8)
    return gain * carrier.voice(rng, times_s, rate_hz, act.rhythm)


def _hits(act: Act, rng: Generator, times_s: Floats, rate_hz: int) -> Floats:
    """Place one of a few kindred grains at every hit."""
    grains = [timbre.grain(rng, rate_hz) for _ in range(int(rng.choice((1, 1, 1, 2, 3))))]
    span, track = rng.uniform(0.5, 1.5), np.zeros(len(times_s))
    heard = act.heard or act.rhythm
    hits = zip(heard.times_s[1:-1], heard.strengths[1:-1], strict=True)
    for hit_s, strength in hits:
        made = grains[int(rng.integers(len(grains)))]
        sound.place(track, strength**span * made, (hit_s - times_s[0]) * rate_hz)
    return track
