"""Sounds that last, to be opened and closed by a motion: voices, scrapes, bowed strings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound
from acav1m.synth.wild.curve import wander

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.rhythm import Rhythm
    from acav1m.synth.wild.beat import Floats

VOWELS_HZ = np.array(
    ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))
)


def voice(rng: Generator, times_s: Floats, rate_hz: int, rhythm: Rhythm) -> Floats:
    """A voice that says another vowel with every syllable, some begun by a consonant."""
    pitch_hz = np.exp(rng.uniform(np.log(80), np.log(330)))
    glide = wander(rng, times_s, 0.3, 3.0) * rng.uniform(0.05, 0.25)
    buzz = (np.cumsum(pitch_hz * (1 + glide)) / rate_hz) % 1 - 0.5
    buzz += rng.uniform(0, 0.15) * rng.standard_normal(len(buzz))
    size = rng.uniform(0.85, 1.25)
    said = rng.integers(0, 3, len(rhythm.times_s))
    which = said[np.searchsorted(rhythm.times_s, times_s, side="right") - 1]
    spoken = np.zeros(len(times_s))
    for vowel, formants in enumerate(rng.permutation(VOWELS_HZ)[:3]):
        tone = sum(
            sound.band(buzz, f * size * 0.9, f * size * 1.12, rate_hz) / (1 + k)
            for k, f in enumerate(formants.tolist())
        )
        spoken += np.where(which == vowel, tone, 0.0)
    spoken /= max(float(np.abs(spoken).max()), 1e-9)
    return spoken + _consonants(rng, times_s, rate_hz, rhythm)


def rub(rng: Generator, times_s: Floats, rate_hz: int) -> Floats:
    """Something drawn over something: a rough band of noise, a bowed string, or both."""
    low_hz = float(np.exp(rng.uniform(np.log(150), np.log(3500))))
    rough = sound.band(rng.standard_normal(len(times_s)), low_hz, low_hz * 3, rate_hz)
    rough /= max(float(np.abs(rough).max()), 1e-9)
    pitch_hz = float(np.exp(rng.uniform(np.log(90), np.log(900))))
    string = (np.cumsum(pitch_hz * (1 + 0.01 * wander(rng, times_s, 4, 6))) / rate_hz) % 1 - 0.5
    string = sound.band(string, pitch_hz * 0.8, pitch_hz * rng.uniform(3, 12), rate_hz)
    share = float(rng.choice((0.0, 1.0, rng.random())))
    return np.asarray(share * string + (1 - share) * rough)


def _consonants(rng: Generator, times_s: Floats, rate_hz: int, rhythm: Rhythm) -> Floats:
    track, level = np.zeros(len(times_s)), rng.uniform(0, 0.7)
    for hit_s in rhythm.times_s[1:-1]:
        if rng.random() < 0.5:
            hiss = sound.burst(rng, rate_hz, 1500, rng.uniform(3000, 7500), rng.uniform(0.01, 0.05))
            start = (hit_s - times_s[0]) * rate_hz
            sound.place(track, level * hiss / np.abs(hiss).max(), start)
    return track
