"""A caption of something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m.synth import labels
from acav1m.synth.defect import Defect, Judge, Options
from acav1m.synth.donor import NOBODY, choose_donor, donor

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.scene import Rendered


class WrongCaption(Defect):
    """The clip comes with another event's caption; picture and sound are untouched."""

    judge = Judge("source_language_score")

    def choose(self, rng: Generator, event: str, seconds: float) -> Options:
        return choose_donor(rng, self.stock, event)

    def apply(self, clip: Rendered, rng: Generator, options: Options) -> Rendered:
        return clip

    def labels(self, seconds: float, options: Options) -> tuple[bool, ...]:
        return labels.every(seconds, together=True)

    def objection(self, event: str, seconds: float, options: Options) -> str | None:
        name, seed = donor(options)
        if name == NOBODY or self.stock.captions(name, seed, seconds) is None:
            return "no other clip with a caption"
        return None

    def claim(self, true: str, options: Options, seconds: float) -> str:
        known = self.stock.captions(*donor(options), seconds)
        return known.both if known else true
