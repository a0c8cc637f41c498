"""A stretch without sound."""

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


class Muted(Defect):
    """Digital silence from `start_s` for `length_s`, often half the clip or all of it."""

    judge = Judge("silent_share", "high")

    def choose(self, rng: Generator, event: str, seconds: float) -> Options:
        return choose_span(rng, seconds)

    def apply(self, clip: Rendered, rng: Generator, options: Options) -> Rendered:
        start, end = float(options["start_s"]), end_s(options)
        audio = clip.audio.copy()
        audio[round(start * clip.rate_hz) : round(end * clip.rate_hz)] = 0
        return replace(clip, audio=audio)

    def labels(self, seconds: float, options: Options) -> tuple[bool, ...]:
        return labels.outside(seconds, float(options["start_s"]), end_s(options))

    def describe(self, true: Captions, options: Options, seconds: float) -> Captions:
        if is_whole(options, seconds):
            return Captions(f"{true.visual}, without any sound", "silence", true.visual)
        gap = f"with no sound from second {options['start_s']:g} to {end_s(options):g}"
        return Captions(f"{true.both}, {gap}", f"{true.audio}, {gap}", true.visual)
