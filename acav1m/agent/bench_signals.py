"""Sounds whose truth is known because they are made here: speech-like, and notes.

Edits are measured on them, so they are at any rate the same sound, and silent in their pauses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.sound import Samples

VOWELS_HZ = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480))
"""First three formants of ah, ee, oo and eh (Peterson and Barney, 1952)."""

FORMANT_LEVELS = (1.0, 0.5, 0.25)
FORMANT_WIDTH_HZ = 90
HARMONICS = 40
SYLLABLE = ((0, 0), (0.15, 1), (0.6, 0.8), (0.95, 0))
"""Where in a syllable its voice has which level."""

HISS_S, HISS_LEVEL = 0.02, 0.1
"""The consonants that syllables begin with: how fast they die away, and their highest level."""

SCALE_HZ = tuple(220 * 2 ** (k / 12) for k in (0, 2, 4, 5, 7, 9, 11, 12, 14, 16))


def speech(rng: Generator, seconds: float, rate_hz: int) -> NDArray[np.float32]:
    """Syllables of a voice whose pitch and formants move, in phrases with pauses between them."""
    times = np.arange(round(seconds * rate_hz)) / rate_hz
    starts, loudness, vowels = _syllables(rng, seconds)
    level = np.interp(times, starts, loudness)
    formants = [np.interp(times, starts, one) for one in vowels.T]
    pitch_hz = _pitch(rng, times)
    phase = 2 * np.pi * np.cumsum(pitch_hz) / rate_hz
    voice = np.zeros_like(times)
    for k in range(1, HARMONICS + 1):
        voice += _throat(k * pitch_hz, formants, rate_hz) / k**0.5 * np.sin(k * phase)
    track = level * voice / np.abs(voice).max()
    for at_s in starts[:: len(SYLLABLE)]:
        hiss = sound.burst(rng, rate_hz, 2000, 7000, HISS_S)
        sound.place(track, float(rng.uniform(0, HISS_LEVEL)) * hiss, at_s * rate_hz)
    return _levelled(track)


def notes(rng: Generator, seconds: float, rate_hz: int) -> NDArray[np.float32]:
    """Plucked notes of a scale, one after another, each ringing into the next."""
    track = np.zeros(round(seconds * rate_hz))
    at_s = 0.1
    while at_s < seconds - 0.2:
        hz, tau_s = float(rng.choice(SCALE_HZ)), float(rng.uniform(0.15, 0.4))
        partials = range(1, 9)
        ring = sound.modes(
            rate_hz,
            [k * hz for k in partials],
            [tau_s / k**0.5 for k in partials],
            [1 / k**1.2 for k in partials],
        )
        sound.place(track, float(rng.uniform(0.5, 1)) * ring, at_s * rate_hz)
        at_s += float(rng.choice((0.25, 0.375, 0.5)))
    return _levelled(track)


def _syllables(
    rng: Generator, seconds: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Times, how loud it is then, and the formants it moves through."""
    knots: list[tuple[float, float, tuple[int, ...]]] = []
    at_s = 0.15
    while at_s < seconds:
        for _ in range(int(rng.integers(3, 8))):
            vowel = VOWELS_HZ[int(rng.integers(len(VOWELS_HZ)))]
            long_s, loud = float(rng.uniform(0.14, 0.26)), float(rng.uniform(0.5, 1))
            knots += [(at_s + share * long_s, loud * level, vowel) for share, level in SYLLABLE]
            at_s += long_s
        at_s += float(rng.uniform(0.25, 0.6))
    starts, levels, vowels = zip(*knots, strict=True)
    return np.array(starts), np.array(levels), np.array(vowels, float)


def _pitch(rng: Generator, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """A voice's pitch in Hz as it wanders within a third around its mean."""
    knots = rng.uniform(-1, 1, int(times[-1] * 3) + 3)
    wander = np.interp(times * 3, np.arange(len(knots)), knots)
    return np.asarray(float(rng.uniform(100, 220)) * 2 ** (wander * 3 / 12))


def _throat(
    hz: NDArray[np.float64], formants: list[NDArray[np.float64]], rate_hz: int
) -> NDArray[np.float64]:
    """How strongly a harmonic sounds through moving formants; nothing above the band."""
    rings = zip(formants, FORMANT_LEVELS, strict=True)
    gains = sum(level / (1 + ((hz - at) / FORMANT_WIDTH_HZ) ** 2) for at, level in rings)
    return np.where(hz < 0.45 * rate_hz, gains, 0.0)


def _levelled(samples: Samples) -> NDArray[np.float32]:
    return np.asarray(0.5 * samples / np.abs(samples).max(), np.float32)
