"""The sound of another event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from acav1m.synth import labels
from acav1m.synth.defect import Defect, Judge, Options
from acav1m.synth.donor import NOBODY, choose_donor, donor
from acav1m.synth.event import Captions

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.scene import Rendered


class Swapped(Defect):
    """The clip has the whole sound of a clip of another class.

    To measure by, also that of another clip of the same class: the hard case.
    """

    judge = Judge("instance_score")

    def strengths(self, event: str) -> Mapping[str, tuple[Options, ...]]:
        same = tuple({"other_event": name} for name in self.stock.siblings(event))
        return {**self.grades, **({"same_class": same} if same else {})}

    def choose(self, rng: Generator, event: str, seconds: float) -> Options:
        return choose_donor(rng, self.stock, event)

    def apply(self, clip: Rendered, rng: Generator, options: Options) -> Rendered:
        sound = self.stock.heard(*donor(options), clip.seconds, clip.rate_hz)
        return replace(clip, audio=sound)

    def labels(self, seconds: float, options: Options) -> tuple[bool, ...]:
        return labels.every(seconds, together=False)

    def objection(self, event: str, seconds: float, options: Options) -> str | None:
        return "no other clip to take sound from" if donor(options)[0] == NOBODY else None

    def offset_s(self, options: Options) -> float | None:
        return None

    def describe(self, true: Captions, options: Options, seconds: float) -> Captions:
        known = self.stock.captions(*donor(options), seconds)
        audio = known.audio if known else ""
        return Captions(f"{true.visual}, but the sound is another: {audio}", audio, true.visual)
