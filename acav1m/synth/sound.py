"""Building blocks of sound: ringing modes, noise bursts, glides."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    Samples = NDArray[np.float64]

ATTACK_S = 0.001
"""Short enough to be one onset, long enough not to click."""


def place(track: Samples, grain: Samples, at: float) -> None:
    """Add `grain` into `track` from sample `at`; what falls outside is left out."""
    start = round(at)
    first, last = max(start, 0), min(start + len(grain), len(track))
    if first < last:
        track[first:last] += grain[first - start : last - start]


def decay(rate_hz: int, tau_s: float, attack_s: float = ATTACK_S) -> Samples:
    """An envelope that rises at once and falls to 1/e in `tau_s`; ends at -60 dB."""
    times = np.arange(round((attack_s + 6.9 * tau_s) * rate_hz)) / rate_hz
    return np.asarray(np.minimum(times / attack_s, 1) * np.exp(-times / tau_s))


def modes(
    rate_hz: int, freqs_hz: Sequence[float], taus_s: Sequence[float], levels: Sequence[float]
) -> Samples:
    """Sum decaying sines, as a struck body rings; modes above the band are left out."""
    ring = np.zeros(round((ATTACK_S + 6.9 * max(taus_s)) * rate_hz))
    for freq_hz, tau_s, level in zip(freqs_hz, taus_s, levels, strict=True):
        if freq_hz < 0.45 * rate_hz:
            envelope = decay(rate_hz, tau_s)[: len(ring)]
            phase = 2 * np.pi * freq_hz / rate_hz * np.arange(len(envelope))
            ring[: len(envelope)] += level * envelope * np.sin(phase)
    return ring


def glide(rate_hz: int, freqs_hz: Samples) -> Samples:
    """A sine that follows a frequency given for every sample."""
    return np.asarray(np.sin(2 * np.pi * np.cumsum(freqs_hz) / rate_hz))


def band(samples: Samples, low_hz: float, high_hz: float, rate_hz: int) -> Samples:
    """Keep a band, causally, so that an onset stays where it is."""
    from scipy.signal import sosfilt  # 67 MB that most builds do without

    return np.asarray(sosfilt(_bandpass(low_hz, min(high_hz, 0.45 * rate_hz), rate_hz), samples))


def burst(rng: Generator, rate_hz: int, low_hz: float, high_hz: float, tau_s: float) -> Samples:
    """Band-limited noise that dies away, at about the loudness of a sine of level 1."""
    envelope = decay(rate_hz, tau_s)
    noise = band(rng.standard_normal(len(envelope)), low_hz, high_hz, rate_hz)
    return envelope * noise / max(float(np.sqrt(np.mean(noise**2))), 1e-9)


def mix(*layers: Samples) -> Samples:
    """Add layers that start together and may differ in length."""
    out = np.zeros(max(len(layer) for layer in layers))
    for layer in layers:
        out[: len(layer)] += layer
    return out


@lru_cache(maxsize=256)
def _bandpass(low_hz: float, high_hz: float, rate_hz: int) -> Samples:
    from scipy.signal import butter

    design = butter(2, (low_hz, max(high_hz, low_hz * 1.1)), "bandpass", fs=rate_hz, output="sos")
    return np.asarray(design)
