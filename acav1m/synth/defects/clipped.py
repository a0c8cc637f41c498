"""Sound recorded too hot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import labels, level
from acav1m.synth.defect import Defect, Judge, Options
from acav1m.synth.event import Captions

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.scene import Rendered


class Clipped(Defect):
    """The peak is driven `drive_db` over full scale and cut off there.

    12 to 30 dB unless asked; `clipped_share` says how much of the clip is then at full scale.
    """

    judge = Judge("clipped_share", "high")
    grades = {f"{db}dB": ({"drive_db": float(db)},) for db in (6, 12, 24)}

    def choose(self, rng: Generator, event: str, seconds: float) -> Options:
        return {"drive_db": round(float(rng.uniform(12, 30)), 1)}

    def apply(self, clip: Rendered, rng: Generator, options: Options) -> Rendered:
        peak = max(float(np.abs(clip.audio).max()), 1e-9)
        audio = np.clip(clip.audio * (level.gain(float(options["drive_db"])) / peak), -1, 1)
        share = float(np.mean(np.abs(audio) >= 1))
        return replace(
            clip,
            audio=audio.astype(np.float32),
            defect_options={**options, "clipped_share": round(share, 6)},
        )

    def labels(self, seconds: float, options: Options) -> tuple[bool, ...]:
        return labels.every(seconds, together=True)

    def describe(self, true: Captions, options: Options, seconds: float) -> Captions:
        return Captions(f"{true.both}, distorted", f"{true.audio}, distorted", true.visual)
