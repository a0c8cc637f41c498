"""A caption of something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m.synth import labels, scene
from acav1m.synth.defect import Defect, Options

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.scene import Rendered


class WrongCaption(Defect):
    """The clip comes with another event's caption; picture and sound are untouched."""

    def choose(self, rng: Generator, event: str, seconds: float) -> Options:
        other = str(rng.choice([name for name in scene.events() if name != event]))
        return {"other_event": other, "other_seed": int(rng.integers(2**31))}

    def apply(self, clip: Rendered, rng: Generator, options: Options) -> Rendered:
        return clip

    def labels(self, seconds: float, options: Options) -> tuple[bool, ...]:
        return labels.every(seconds, together=True)

    def claim(self, true: str, options: Options, seconds: float) -> str:
        return scene.captions(str(options["other_event"]), int(options["other_seed"]), seconds).both
