"""What sounds when: a log-mel spectrogram that does not tell how loud the recording is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.models import features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

MELS_PER_FRAME = 4
"""10 ms steps of the spectrogram in a 40 ms frame of the 25 Hz grid."""

RANGE = 1.2
"""Of `features.mel`'s scale, 50 dB a unit: what is 60 dB below the loudest is silence."""

RISE = 4.0
CHANNELS = 2 * features.BANDS


def mel(samples: Floats, frames: int) -> Floats:
    """Log-mel spectrogram of so many 40 ms frames, shape (4 * frames, 64)."""
    before = features.CONTEXT * features.MELS_PER_FRAME
    whole = features.mel(samples, -(-frames // 2))
    return whole[before : before + MELS_PER_FRAME * frames]


def channels(mel: Floats) -> Floats:
    """What the network hears, shape (..., n, 128): level below the clip's loudest, and its rise."""
    level = np.maximum(mel - mel.max((-2, -1), keepdims=True), -RANGE)
    rise = np.zeros_like(level)
    rise[..., 1:-1, :] = np.maximum(level[..., 2:, :] - level[..., :-2, :], 0)
    both: Floats = np.concatenate([level + RANGE / 2, RISE * rise], axis=-1).astype(np.float32)
    return both
