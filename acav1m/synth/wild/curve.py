"""Curves of motion around a hit: what is raised, falls, jerks, opens, quivers.

Each function draws a curve's character once and returns the curve: from where instants lie
between hits to a displacement, 0 at rest or contact and about 1 at most.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth.wild.beat import Beats, Floats

if TYPE_CHECKING:
    from numpy.random import Generator

Curve = Callable[[Beats], Floats]


def strike(rng: Generator) -> Curve:
    """Rest above, rise a little, come down ever faster; contact is the hit; rebound."""
    swing_s, power = rng.uniform(0.05, 0.2), rng.uniform(0.5, 1.0)
    raise_s, rebound_s = rng.uniform(0.1, 0.5), rng.uniform(0.05, 0.35)
    rest = rng.uniform(0.05, 1)

    def at(beats: Beats) -> Floats:
        poised = rest * smooth(beats.age_s / rebound_s)
        raised = poised + (1 - rest) * smooth(1 - (beats.until_s - swing_s) / raise_s)
        falling = np.clip(beats.until_s / swing_s, 0, 1) ** power
        return (0.5 + 0.5 * beats.coming) * np.minimum(raised, falling)

    return at


def drop(rng: Generator) -> Curve:
    """Be held up, fall freely, land on the hit, bounce a little, be lifted again."""
    fall_s, hold_s = rng.uniform(0.15, 0.5), rng.uniform(0.05, 0.4)
    lift_s, bounce, ring_s = rng.uniform(0.2, 0.6), rng.uniform(0, 0.25), rng.uniform(0.05, 0.2)

    def at(beats: Beats) -> Floats:
        fallen = np.clip(1 - beats.until_s / fall_s, 0, 1)
        lifted = smooth((beats.age_s - hold_s) / lift_s)
        hop = bounce * np.abs(np.sin(14 * beats.age_s)) * np.exp(-beats.age_s / ring_s)
        return np.minimum(np.maximum(lifted, hop), 1 - fallen**2)

    return at


def bounce(rng: Generator) -> Curve:
    """Fly from hit to hit in an arc, the higher the longer; be held above when it takes long."""
    full_s = rng.uniform(0.4, 1.0)

    def at(beats: Beats) -> Floats:
        span_s = np.minimum(beats.age_s + beats.until_s, full_s)
        near_s = np.minimum(beats.age_s, beats.until_s)
        fallen = np.maximum(1 - 2 * near_s / span_s, 0)
        return (1 - fallen**2) * (span_s / full_s) ** 2

    return at


def jerk(rng: Generator) -> Curve:
    """Start on the hit, at once at full speed, and come back slowly; perhaps wind up before."""
    rise_s, back_s = rng.uniform(0.03, 0.11), rng.uniform(0.06, 0.45)
    windup, ahead_s = float(rng.choice((0.0, 0.0, 0.25))), rng.uniform(0.1, 0.3)

    def at(beats: Beats) -> Floats:
        out = np.minimum(beats.age_s / rise_s, 1)
        back = np.exp(-np.maximum(beats.age_s - rise_s, 0) / back_s)
        wound = windup * smooth(1 - beats.until_s / ahead_s)
        return beats.strength * out * back - wound * np.minimum(beats.until_s / 0.03, 1)

    return at


def lurch(rng: Generator) -> Curve:
    """Start on the hit and take a while over it: a jump, a turn of the head, a heavy recoil."""
    rise_s, back_s = rng.uniform(0.1, 0.3), rng.uniform(0.2, 0.9)

    def at(beats: Beats) -> Floats:
        out = np.sin(np.pi / 2 * np.minimum(beats.age_s / rise_s, 1))
        return np.asarray(
            beats.strength * out * np.exp(-np.maximum(beats.age_s - rise_s, 0) / back_s)
        )

    return at


def quiver(rng: Generator) -> Curve:
    """Swing to and fro after the hit, ever less."""
    freq_hz, tau_s = rng.uniform(3, 11), rng.uniform(0.06, 0.35)
    lean = rng.uniform(0, 1.5)

    def at(beats: Beats) -> Floats:
        ring = np.sin(2 * np.pi * freq_hz * beats.age_s + lean)
        return beats.strength * ring * np.exp(-beats.age_s / tau_s)

    return at


def flare(rng: Generator) -> Curve:
    """Be there at once on the hit, and fade."""
    tau_s = np.exp(rng.uniform(np.log(0.03), np.log(0.4)))

    def at(beats: Beats) -> Floats:
        return np.asarray((0.4 + 0.6 * beats.strength) * np.exp(-beats.age_s / tau_s))

    return at


def swell(rng: Generator) -> Curve:
    """Open at the hit and close again, as a mouth does in a syllable."""
    rise_s, hold_s = rng.uniform(0.04, 0.1), rng.uniform(0.0, 0.08)
    fall_s = rng.uniform(0.05, 0.14)

    def at(beats: Beats) -> Floats:
        closing = np.exp(-np.maximum(beats.age_s - rise_s - hold_s, 0) / fall_s)
        return (0.4 + 0.6 * beats.strength) * np.minimum(beats.age_s / rise_s, 1) * closing

    return at


def arrive(rng: Generator) -> Curve:
    """Move to another place and stop dead there on the hit."""
    travel_s, power, spots = rng.uniform(0.08, 0.4), rng.uniform(1, 2.5), places(rng)

    def at(beats: Beats) -> Floats:
        travelled = np.clip(1 - beats.until_s / travel_s, 0, 1) ** power
        here, there = spots[beats.number % 64], spots[(beats.number + 1) % 64]
        return here + (there - here) * travelled

    return at


def depart(rng: Generator) -> Curve:
    """Leave on the hit, at once at full speed, for another place."""
    travel_s, spots = rng.uniform(0.05, 0.3), places(rng)

    def at(beats: Beats) -> Floats:
        travelled = 1 - (1 - np.clip(beats.age_s / travel_s, 0, 1)) ** 2
        here, there = spots[beats.number % 64], spots[(beats.number + 1) % 64]
        return here + (there - here) * travelled

    return at


SHARP = (strike, strike, strike, drop, bounce, jerk, jerk, lurch, quiver, flare, arrive, depart)
"""What may make a sharp sound, the likelier the more often named."""


def wander(rng: Generator, times_s: Floats, low_hz: float, high_hz: float) -> Floats:
    """A slow aperiodic motion, about -1 to 1: a few sines that share no period."""
    waves = zip(rng.uniform(low_hz, high_hz, 3), rng.uniform(0, 2 * np.pi, 3), strict=True)
    return np.asarray(sum(np.sin(2 * np.pi * f * times_s + p) for f, p in waves)) / 2


def smooth(x: Floats) -> Floats:
    """Go from 0 to 1 with no jolt at either end."""
    x = np.clip(x, 0, 1)
    return np.asarray(x * x * (3 - 2 * x))


def places(rng: Generator) -> Floats:
    """Draw places far from their neighbours, so that every hit is a move."""
    side = rng.choice((-1, 1)) * np.resize((1.0, -1.0), 64)
    return np.asarray(side * rng.uniform(0.3, 1, 64))
