"""Sound that runs at another speed than the picture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import soxr

from acav1m.synth import labels
from acav1m.synth.defect import Defect, Judge, Options

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.scene import Rendered

NOTICED_S = 0.1
"""Being out of step by more counts as not together (ITU-R BT.1359 puts notice near there)."""

LEAD_S = 0.25
"""Sound kept before 0 s, so that the resampler's edge is not in the clip."""


class Drift(Defect):
    """The sound starts in step and runs `speed` times as fast, 3 to 8 % off unless asked."""

    judge = Judge("temporal_score")
    grades = {
        f"{percent}%": ({"speed": 1 - percent / 100}, {"speed": 1 + percent / 100})
        for percent in (2, 4, 8)
    }

    def choose(self, rng: Generator, event: str, seconds: float) -> Options:
        off = float(rng.uniform(0.03, 0.08)) * float(rng.choice((-1, 1)))
        return {"speed": round(1 + off, 4)}

    def apply(self, clip: Rendered, rng: Generator, options: Options) -> Rendered:
        speed = float(options["speed"])
        needed_s = clip.seconds * speed + LEAD_S
        original = self.stock.heard(
            clip.event,
            clip.seed,
            clip.seconds,
            clip.rate_hz,
            start_s=-LEAD_S * speed,
            length_s=needed_s + LEAD_S * speed,
        )
        stretched = soxr.resample(original, clip.rate_hz * speed, clip.rate_hz)
        first = round(LEAD_S * clip.rate_hz)
        audio = np.clip(stretched[first : first + len(clip.audio)], -1, 1)
        return replace(clip, audio=audio.astype(np.float32))

    def labels(self, seconds: float, options: Options) -> tuple[bool, ...]:
        speed = float(options["speed"])
        return labels.while_within(seconds, lambda t: t * (1 / speed - 1), NOTICED_S)

    def objection(self, event: str, seconds: float, options: Options) -> str | None:
        speed = float(options["speed"])
        missing_s = seconds * (speed - 1) + LEAD_S
        if speed >= 0.5 and missing_s <= self.stock.margin_s(event, seconds):
            return None
        return f"no sound for speed {speed:g} over {seconds:g} s"

    def offset_s(self, options: Options) -> float | None:
        return None
