"""Noise of known kinds, every one at an RMS of 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

KINDS = ("white", "pink", "hum", "babble")


def coloured(rng: Generator, count: int, rate_hz: int, kind: str) -> NDArray[np.float64]:
    """Make `count` samples of `white`, `pink`, `hum` (mains) or `babble` (many voices)."""
    make = {"white": _white, "pink": _pink, "hum": _hum, "babble": _babble}[kind]
    noise = make(rng, count, rate_hz)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)))


def _white(rng: Generator, count: int, rate_hz: int) -> NDArray[np.float64]:
    return rng.standard_normal(count)


def _pink(rng: Generator, count: int, rate_hz: int) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(rng.standard_normal(count))
    freqs = np.fft.rfftfreq(count, 1 / rate_hz)
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(freqs, 20.0)), count)


def _hum(rng: Generator, count: int, rate_hz: int) -> NDArray[np.float64]:
    mains_hz = float(rng.choice((50.0, 60.0)))
    phase = 2 * np.pi * mains_hz / rate_hz * np.arange(count)
    levels = rng.uniform(0.2, 1, 8) / np.arange(1, 9)
    phases = rng.uniform(0, 2 * np.pi, 8)
    layers = zip(range(1, 9), levels, phases, strict=True)
    return np.asarray(np.sum([a * np.sin(k * phase + p) for k, a, p in layers], axis=0))


def _babble(rng: Generator, count: int, rate_hz: int) -> NDArray[np.float64]:
    """Eight buzzing voices, each opening and closing at the pace of syllables."""
    times = np.arange(count) / rate_hz
    crowd = np.zeros(count)
    for _ in range(8):
        pace = times * rng.uniform(2.5, 5) + rng.uniform(0, 10)
        knots = rng.uniform(0, 1, int(pace[-1]) + 3)
        opening = np.interp(pace, np.arange(len(knots)), knots)
        pitch = rng.uniform(90, 250) * (1 + 0.15 * np.sin(times * rng.uniform(1, 4)))
        buzz = (np.cumsum(pitch) / rate_hz) % 1 - 0.5
        formant = float(rng.uniform(400, 1200))
        crowd += opening**2 * sound.band(buzz, formant * 0.6, formant * 2, rate_hz)
    return crowd
