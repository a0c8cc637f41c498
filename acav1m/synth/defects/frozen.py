"""A picture that stands still while the sound goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from acav1m.synth import labels
from acav1m.synth.defect import Defect, Judge, Options
from acav1m.synth.event import Captions
from acav1m.synth.span import choose_span, end_s, is_whole

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.scene import Rendered


class Frozen(Defect):
    """One picture is repeated from `start_s` for `length_s`; then the film jumps on, in step."""

    judge = Judge("frozen_share", "high")

    def choose(self, rng: Generator, event: str, seconds: float) -> Options:
        return choose_span(rng, seconds)

    def apply(self, clip: Rendered, rng: Generator, options: Options) -> Rendered:
        first = min(round(float(options["start_s"]) * clip.fps), len(clip.frames) - 1)
        frames = clip.frames.copy()
        frames[first : round(end_s(options) * clip.fps)] = frames[first]
        return replace(clip, frames=frames)

    def labels(self, seconds: float, options: Options) -> tuple[bool, ...]:
        return labels.outside(seconds, float(options["start_s"]), end_s(options))

    def describe(self, true: Captions, options: Options, seconds: float) -> Captions:
        still = "the picture stands still"
        if not is_whole(options, seconds):
            still += f" from second {options['start_s']:g} to {end_s(options):g}"
        return Captions(f"{true.both}, but {still}", true.audio, f"{true.visual}, but {still}")
