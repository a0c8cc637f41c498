"""Loudness arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CEILING = 0.98
"""Highest peak after mixing: scaled down to it, never clipped by accident."""


def gain(level_db: float) -> float:
    """Turn decibels into a factor.

    >>> gain(20)
    10.0
    """
    return float(10 ** (level_db / 20))


def rms(samples: NDArray[np.floating]) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


def over(
    wanted: NDArray[np.floating], other: NDArray[np.floating], snr_db: float
) -> NDArray[np.float32]:
    """Add `other` so that `wanted` is `snr_db` above it in RMS; both are turned down to fit."""
    mixed = wanted + other * (rms(wanted) / max(rms(other), 1e-12) / gain(snr_db))
    return np.asarray(
        mixed * min(CEILING / max(float(np.abs(mixed).max()), 1e-12), 1.0), np.float32
    )
