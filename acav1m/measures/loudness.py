"""How loud a clip is, as people hear it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from acav1m.clip import Clip
from acav1m.steps import Measure, Value

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK_S = 0.4
GATE_LUFS = -70
"""What stays below is silence to BS.1770."""


class Loudness(Measure):
    """Measure integrated loudness in LUFS and sample peak in dBFS, of the clip's own channels.

    `lufs` follows ITU-R BS.1770 and EBU R 128, with gating; speech in broadcasts stands at -23.
    It is null for sound shorter than one 0.4 s block or never above the gate of -70 LUFS.
    `peak_db` is 0 at full scale and null for digital silence; lossy coding may pass 0.

    >>> from acav1m.testing import silence, tone
    >>> found = Loudness().measure(tone(seconds=2, hz=1000, level_db=-20))
    >>> round(found["lufs"]), round(found["peak_db"])
    (-23, -20)
    >>> Loudness().measure(silence(seconds=2))
    {'lufs': None, 'peak_db': None}
    """

    adds = {"lufs": float, "peak_db": float}

    def measure(self, clip: Clip) -> dict[str, Value]:
        track = clip.track()
        peak = float(np.abs(track.samples).max(initial=0))
        return {
            "lufs": integrated_lufs(track.samples, track.rate_hz),
            "peak_db": float(20 * np.log10(peak)) if peak else None,
        }


def integrated_lufs(channels: NDArray[np.float32], rate_hz: int) -> float | None:
    """Loudness of (channels, n); None for silence, and for what is shorter than a block."""
    import pyloudnorm

    if channels.shape[1] < BLOCK_S * rate_hz:
        return None
    if len(channels) > 2:  # the weights of surround channels depend on an order nobody keeps
        channels = channels.mean(axis=0, keepdims=True)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # no block above the gate: mean of none
        lufs = pyloudnorm.Meter(rate_hz).integrated_loudness(channels.T)
    return float(lufs) if lufs > GATE_LUFS else None
