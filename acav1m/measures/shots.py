"""How often a clip jumps to another shot."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from acav1m import signals
from acav1m.clip import Clip
from acav1m.steps import Measure, Value


class Shots(Measure):
    """Count shot changes with PySceneDetect's content detector on small pictures.

    A change is a jump of hue, saturation and lightness by `threshold` (of 255, on average) from
    one picture to the next; those within `min_shot_s` of each other count once. Fades and
    dissolves are missed.

    >>> from acav1m.testing import tone
    >>> Shots().measure(tone())
    {'shot_changes': 0}
    """

    adds = {"shot_changes": int}
    views = (signals.VIEW,)

    threshold: float = Field(default=27.0, gt=0)
    min_shot_s: float = Field(default=0.5, ge=0)

    def measure(self, clip: Clip) -> dict[str, Value]:
        from scenedetect import FrameTimecode
        from scenedetect.detectors import ContentDetector

        frames = clip.frames(signals.VIEW)
        fps = 1 / float(np.median(signals.shown_s(frames.times_s)))
        detector = ContentDetector(self.threshold, max(1, round(self.min_shot_s * fps)))
        found = []
        for number, image in enumerate(frames.images):
            blue_first = np.ascontiguousarray(image[:, :, ::-1])
            found += detector.process_frame(FrameTimecode(number, fps), blue_first)
        return {"shot_changes": len(found)}
