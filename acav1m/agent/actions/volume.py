"""Bring sound to a loudness."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from acav1m.agent.action import Action, Kind
from acav1m.measures.loudness import BLOCK_S, GATE_LUFS, integrated_lufs

if TYPE_CHECKING:
    from acav1m.agent.action import Samples

PASSES = 4
EXACT_LU = 0.005


class Volume(Action):
    """Brings the sound to `target_lufs` by one gain for all of it (ITU-R BS.1770).

    Peaks are kept to `peak_ceiling_db` dBFS by turning all down, so very uneven sound stays
    below its target. Sound shorter than 0.4 s, which has no loudness, is brought to that RMS.
    """

    kind: ClassVar[Kind] = "coordination"
    target_lufs: float = Field(-23.0, ge=-50, le=-9)
    peak_ceiling_db: float = Field(-1.0, ge=-20, le=0)

    def edit(self, channels: Samples, rate_hz: int) -> Samples:
        gain = 1.0
        for _ in range(PASSES):  # more passes the gate once it is louder, which changes the mean
            missing_db = self.target_lufs - _lufs(channels * np.float32(gain), rate_hz)
            if not np.isfinite(missing_db) or abs(missing_db) < EXACT_LU:
                break
            gain *= 10 ** (missing_db / 20)
        ceiling = 10 ** (self.peak_ceiling_db / 20) / float(np.abs(channels).max())
        return channels * np.float32(min(gain, ceiling))


def _lufs(channels: Samples, rate_hz: int) -> float:
    """Loudness, or RMS of what is too short for it; minus infinity for silence."""
    if channels.shape[1] < BLOCK_S * rate_hz:
        level = 10 * np.log10(np.sum(np.mean(channels.astype(np.float64) ** 2, axis=1)) + 1e-30)
        return float(level) if level > GATE_LUFS else -np.inf
    found = integrated_lufs(channels, rate_hz)
    return -np.inf if found is None else found
