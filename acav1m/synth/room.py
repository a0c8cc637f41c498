"""The room an event is recorded in: echo, background hush and level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import oaconvolve

from acav1m.synth.noise import coloured

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray


def record(rng: Generator, sound: NDArray[np.float64], rate_hz: int) -> NDArray[np.float32]:
    """Record a performance: some echo, a hush 35 to 60 dB below the peak, a level of its own.

    The direct sound is not delayed, so an onset stays on its sample.
    """
    echo = rng.normal(size=round(rng.uniform(0.1, 0.6) * rate_hz))
    echo *= np.exp(-np.linspace(0, 6.9, len(echo)))
    echo *= rng.uniform(0, 0.35) / np.sqrt(np.sum(echo**2))
    echo[0] = 1.0
    heard = oaconvolve(sound, echo)[: len(sound)]
    peak = max(float(np.abs(heard).max()), 1e-9)
    hush = coloured(rng, len(sound), rate_hz, "pink")
    hush *= peak * 10 ** (rng.uniform(-60, -35) / 20)
    level = 10 ** (rng.uniform(-14, -1.5) / 20)
    heard = (heard + hush) / max(float(np.abs(heard + hush).max()), 1e-9)
    return np.asarray(heard * level, np.float32)
