"""How much moves in a clip."""

from __future__ import annotations

import numpy as np

from acav1m import signals
from acav1m.clip import Clip
from acav1m.steps import Measure, Value

STEP_S = 0.1


class Motion(Measure):
    """Measure how much moves, from 0 (a still picture) to 1.

    It is the mean absolute difference of pictures 0.1 s apart, at 64x64 in all colours, so that
    neither frame rate nor size of the clip matters much. A fixed camera on a calm scene gives
    some 0.005, a busy scene 0.05. Camera motion and cuts count like any other. Null for a
    single picture.

    >>> from acav1m.testing import tone
    >>> Motion().measure(tone())
    {'motion': 0.0}
    """

    adds = {"motion": float}
    views = (signals.VIEW,)

    def measure(self, clip: Clip) -> dict[str, Value]:
        frames = clip.frames(signals.VIEW)
        if len(frames.times_s) < 2:
            return {"motion": None}
        start_s, end_s = frames.times_s[0], frames.times_s[-1]
        steps = max(1, round((end_s - start_s) / STEP_S))
        asked_s = np.linspace(start_s, end_s, steps + 1) + 1e-6
        shown = np.searchsorted(frames.times_s, asked_s, side="right") - 1
        return {"motion": float(signals.changes(frames.images[shown])[1:].mean())}
