"""Curves of motion shared by events and camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.rhythm import Beat


def smooth(x: float) -> float:
    """Go from 0 to 1 with no jolt at either end."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3 - 2 * x)


def raised(beat: Beat, swing_s: float) -> float:
    """How far a striking tool is lifted: 0 at contact, 1 at rest above; fastest at contact."""
    swing_s = min(swing_s, 0.5 * beat.interval_s)
    falling = float(min(beat.until_s / swing_s, 1.0) ** 0.7)
    return min(smooth(beat.age_s / (1.4 * swing_s)), falling)


def shiver(beat: Beat, freq_hz: float, tau_s: float) -> float:
    """A dying oscillation after a hit, from -1 to 1."""
    ring = np.sin(2 * np.pi * freq_hz * beat.age_s) * np.exp(-beat.age_s / tau_s)
    return float(beat.strength * ring)


def fading(beat: Beat, tau_s: float) -> float:
    """The strength of the last hit, dying away."""
    return float(beat.strength * np.exp(-beat.age_s / tau_s))


class Wander:
    """A slow aperiodic motion, about -1 to 1: a few sines that share no period."""

    def __init__(self, rng: Generator, low_hz: float, high_hz: float) -> None:
        waves = zip(rng.uniform(low_hz, high_hz, 3), rng.uniform(0, 2 * np.pi, 3), strict=True)
        self._waves = [(2 * np.pi * float(f), float(p)) for f, p in waves]

    def at(self, t_s: float) -> float:
        return sum(float(np.sin(w * t_s + p)) for w, p in self._waves) / 2
