"""How a sound gets into a file: the room, the microphone, the level, what else is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import oaconvolve

from acav1m.synth import level, noise
from acav1m.synth.music import tune

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.wild.beat import Floats

BEDS = ("white", "pink", "hum", "babble", "tune")


def record(rng: Generator, dry: Floats, rate_hz: int) -> NDArray[np.float32]:
    """Record a performance in some room with some microphone; onsets stay on their samples."""
    heard = _echoed(rng, dry, rate_hz) if rng.random() < 0.7 else dry
    heard = heard / max(float(np.abs(heard).max()), 1e-9)
    for _ in range(int(rng.choice((0, 1, 2), p=(0.3, 0.55, 0.15)))):
        heard = heard + _bed(rng, heard, rate_hz)
    heard = _coloured(rng, heard, rate_hz)
    if rng.random() < 0.3:
        heard = _compressed(rng, heard, rate_hz)
    heard = heard / max(float(np.abs(heard).max()), 1e-9)
    if rng.random() < 0.2:
        heard = np.clip(heard * rng.uniform(1.2, 4), -1, 1)
    loud = level.gain(float(-np.abs(rng.normal(0, 5))))
    return np.asarray(heard * min(loud, level.CEILING), np.float32)


def _echoed(rng: Generator, dry: Floats, rate_hz: int) -> Floats:
    """Add a dying tail of noise and some early echoes to the direct sound."""
    length_s = np.exp(rng.uniform(np.log(0.08), np.log(1.0)))
    tail = rng.standard_normal(round(length_s * rate_hz))
    tail *= np.exp(-np.linspace(0, 6.9, len(tail)))
    tail *= rng.uniform(0, 0.7) / np.sqrt(np.sum(tail**2))
    early = rng.integers(1, max(round(0.05 * rate_hz), 2), 4) % len(tail)
    tail[early] += rng.uniform(-0.3, 0.3, 4)
    tail[0] = 1.0
    return np.asarray(oaconvolve(dry, tail)[: len(dry)])


def _bed(rng: Generator, heard: Floats, rate_hz: int) -> Floats:
    """What sounds all the time: 6 to 65 dB below the loud parts of the performance."""
    kind = str(rng.choice(BEDS, p=(0.25, 0.4, 0.1, 0.12, 0.13)))
    given = (rng, len(heard), rate_hz)
    bed = tune(*given) if kind == "tune" else noise.coloured(*given, kind)
    loud = level.rms(heard[np.abs(heard) > 0.1])
    depth_db = rng.uniform(6, 30) if kind in ("tune", "babble") else rng.uniform(14, 65)
    return np.asarray(bed * (loud / max(level.rms(bed), 1e-9) / level.gain(depth_db)))


def _coloured(rng: Generator, heard: Floats, rate_hz: int) -> Floats:
    """Weigh frequencies as microphones, codecs and small loudspeakers do, without phase."""
    spectrum = np.fft.rfft(heard)
    octave = np.log2(np.maximum(np.fft.rfftfreq(len(heard), 1 / rate_hz), 20) / 1000)
    gain_db = rng.normal(0, 2) * octave
    for _ in range(3):
        gain_db += rng.normal(0, 4) * np.exp(-((octave - rng.uniform(-4, 3)) ** 2))
    if rng.random() < 0.4:
        low, high = rng.uniform(-4.5, -1.5), rng.uniform(0.8, 3)
        gain_db -= 60 * (np.maximum(low - octave, 0) + np.maximum(octave - high, 0))
    return np.asarray(np.fft.irfft(spectrum * 10 ** (np.clip(gain_db, -80, 18) / 20), len(heard)))


def _compressed(rng: Generator, heard: Floats, rate_hz: int) -> Floats:
    """Turn down what is loud, as phones and broadcasters do."""
    step = rate_hz // 100
    blocks = np.abs(heard[: len(heard) // step * step]).reshape(-1, step).max(axis=1)
    held = np.maximum.accumulate(blocks * np.exp(np.arange(len(blocks)) / 20)) * np.exp(
        -np.arange(len(blocks)) / 20
    )
    gain = np.maximum(held, rng.uniform(0.02, 0.3)) ** -rng.uniform(0.2, 0.7)
    grid = (np.arange(len(blocks)) + 0.5) * step
    return np.asarray(heard * np.interp(np.arange(len(heard)), grid, gain))
