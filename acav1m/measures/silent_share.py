"""How much of a clip is silent."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from acav1m.clip import Clip
from acav1m.steps import Measure, Value

FRAME = 320
"""20 ms at 16 kHz."""


class SilentShare(Measure):
    """Find the share of 20 ms frames whose level is below `floor_db` dBFS, from 0 to 1.

    >>> from acav1m.testing import silence, tone
    >>> SilentShare().measure(silence(seconds=1))
    {'silent_share': 1.0}
    >>> SilentShare().measure(tone(seconds=1))
    {'silent_share': 0.0}
    """

    adds = {"silent_share": float}

    floor_db: float = Field(default=-60.0, lt=0)

    def measure(self, clip: Clip) -> dict[str, Value]:
        audio = clip.audio()
        frames = audio[: len(audio) // FRAME * FRAME].reshape(-1, FRAME)
        if not frames.size:
            return {"silent_share": None}
        rms = np.sqrt(np.square(frames, dtype=np.float64).mean(axis=1))
        return {"silent_share": float((rms < 10 ** (self.floor_db / 20)).mean())}
