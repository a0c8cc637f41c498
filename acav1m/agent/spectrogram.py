"""The powers that noise is measured in: moments of a sound that have no blank in them.

Powers are mean squares, so that a full-scale sine has 0.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from acav1m.agent.action import Samples

    Floats = NDArray[np.float64]

WINDOW_S = 0.064
HOP_S = WINDOW_S / 4
BIN_HZ = 1 / WINDOW_S
LEAST_S = 0.5
"""Less of sound tells nothing of what is steady."""

BLANK_S, BLANK_POWER = 0.002, 1e-9
"""Digital silence, -90 dBFS, which no microphone recorded."""

HANN = 1.5
"""Equivalent noise bandwidth of the window, in bins."""


def whole_moments(channels: Samples, rate_hz: int) -> Floats | None:
    """Power of all channels of (channels, n) together, (frequencies, moments) without DC.

    Frequencies are `BIN_HZ` apart and moments `HOP_S`. None for too little sound.
    """
    power = stft_powers(channels, round(WINDOW_S * rate_hz / 4) * 4, overlap=4)
    if power is None:
        return None
    whole = power[1:, _without_blanks(channels, rate_hz, power.shape[1])]
    return whole if whole.shape[1] * HOP_S >= LEAST_S else None


def stft_powers(channels: Samples, window: int, *, overlap: int) -> Floats | None:
    """Power of all channels, (frequencies, moments), each moment in `overlap` Hann windows.

    None where the sound is shorter than a window.
    """
    from scipy.signal import stft

    if channels.shape[1] < window:
        return None
    kept = window - window // overlap
    spectra = stft(channels, nperseg=window, noverlap=kept, boundary=None, padded=False)[2]
    return np.asarray(2 / HANN * np.mean(np.abs(spectra) ** 2, axis=0, dtype=np.float64))


def _without_blanks(channels: Samples, rate_hz: int, moments: int) -> NDArray[np.bool_]:
    block = max(1, round(BLANK_S * rate_hz))
    blocks = channels[:, : channels.shape[1] // block * block].reshape(len(channels), -1, block)
    heard = np.mean(blocks.astype(np.float64) ** 2, axis=(0, 2)) > BLANK_POWER
    blanks = np.concatenate([[0], np.cumsum(~heard)])
    window = round(WINDOW_S * rate_hz / 4) * 4
    starts = np.arange(moments) * (window // 4)
    first = np.minimum(starts // block, heard.size)
    last = np.minimum((starts + window) // block, heard.size)
    return np.asarray(blanks[last] == blanks[first])
