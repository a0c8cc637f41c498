"""The sound of another event."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from acav1m.synth import labels, scene
from acav1m.synth.defect import Defect, Options
from acav1m.synth.event import Captions

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.scene import Rendered


class Swapped(Defect):
    """The clip has the whole sound of a clip of another class."""

    def choose(self, rng: Generator, event: str, seconds: float) -> Options:
        other = str(rng.choice([name for name in scene.events() if name != event]))
        return {"other_event": other, "other_seed": int(rng.integers(2**31))}

    def apply(self, clip: Rendered, rng: Generator, options: Options) -> Rendered:
        event, seed = str(options["other_event"]), int(options["other_seed"])
        return replace(clip, audio=scene.heard(event, seed, clip.seconds, clip.rate_hz))

    def labels(self, seconds: float, options: Options) -> tuple[bool, ...]:
        return labels.every(seconds, together=False)

    def offset_s(self, options: Options) -> float | None:
        return None

    def describe(self, true: Captions, options: Options, seconds: float) -> Captions:
        event, seed = str(options["other_event"]), int(options["other_seed"])
        audio = scene.captions(event, seed, seconds).audio
        return Captions(f"{true.visual}, but the sound is another: {audio}", audio, true.visual)
