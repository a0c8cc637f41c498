"""A tune that belongs to no picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

PROGRESSIONS = ((0, 5, 7, 0), (0, 9, 5, 7), (9, 5, 0, 7), (0, 3, 5, 7))
"""Roots of four chords, in semitones above the key."""

PENTATONIC = (0, 2, 4, 7, 9, 12)


def tune(rng: Generator, count: int, rate_hz: int) -> NDArray[np.float64]:
    """Play `count` samples of chords, bass and melody with a light beat, at a strict tempo."""
    beat_s, key_hz = float(rng.uniform(0.3, 0.6)), float(110 * 2 ** rng.uniform(0, 1))
    roots = PROGRESSIONS[int(rng.integers(len(PROGRESSIONS)))]
    brightness, drums = float(rng.uniform(0.6, 2.0)), bool(rng.random() < 0.6)
    track = np.zeros(count)
    for beat in range(int(count / rate_hz / beat_s) + 1):
        at = beat * beat_s * rate_hz
        root_hz = key_hz * 2 ** (roots[beat // 4 % 4] / 12)
        if beat % 4 == 0:
            for step in (0, 4, 7):
                pitch = root_hz * 2 ** (step / 12)
                sound.place(track, 0.5 * _note(rate_hz, pitch, 3 * beat_s, brightness), at)
        if beat % 2 == 0:
            sound.place(track, 0.8 * _note(rate_hz, root_hz / 2, beat_s, 2.0), at)
        if rng.random() < 0.75:
            pitch = 2 * root_hz * 2 ** (float(rng.choice(PENTATONIC)) / 12)
            sound.place(track, 0.6 * _note(rate_hz, pitch, 0.8 * beat_s, brightness), at)
        if drums:
            sound.place(track, 0.25 * sound.burst(rng, rate_hz, 4000, 7000, 0.02), at)
    return track


def _note(rate_hz: int, pitch_hz: float, tau_s: float, brightness: float) -> NDArray[np.float64]:
    orders = np.arange(1, 7)
    levels = 1 / orders**brightness
    return sound.modes(rate_hz, list(pitch_hz * orders), [tau_s / 3] * 6, list(levels))
