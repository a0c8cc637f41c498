"""Sound too early or too late."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from acav1m.synth import labels
from acav1m.synth.defect import Defect, Judge, Options

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.scene import Rendered


class Shifted(Defect):
    """The sound comes `offset_s` late (early when negative); 0.25 to 2 s either way.

    The part it vacates is filled with what the same performance sounded like before or after the
    clip, so neither silence nor a seam gives the shift away.
    """

    judge = Judge("temporal_score")
    grades = {
        f"{late_s:g}s": ({"offset_s": -late_s}, {"offset_s": late_s})
        for late_s in (0.25, 0.5, 1.0, 2.0)
    }

    def choose(self, rng: Generator, event: str, seconds: float) -> Options:
        offset_s = float(rng.uniform(0.25, 2.0)) * float(rng.choice((-1, 1)))
        return {"offset_s": round(offset_s, 3)}

    def apply(self, clip: Rendered, rng: Generator, options: Options) -> Rendered:
        start_s = -float(options["offset_s"])
        sound = self.stock.heard(clip.event, clip.seed, clip.seconds, clip.rate_hz, start_s=start_s)
        return replace(clip, audio=sound)

    def labels(self, seconds: float, options: Options) -> tuple[bool, ...]:
        return labels.every(seconds, together=False)

    def objection(self, event: str, seconds: float, options: Options) -> str | None:
        offset_s, most_s = float(options["offset_s"]), self.stock.margin_s(event, seconds)
        if abs(offset_s) <= most_s:
            return None
        return f"offset_s is at most {most_s:g} in such a clip, got {offset_s:g}"

    def offset_s(self, options: Options) -> float | None:
        return float(options["offset_s"])
