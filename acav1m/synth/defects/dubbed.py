"""Music over or instead of the sound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from acav1m.errors import AcavError
from acav1m.synth import labels, level
from acav1m.synth.defect import Defect, Judge, Options
from acav1m.synth.event import Captions
from acav1m.synth.music import tune

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.scene import Rendered

MODES = ("over", "instead")


class Dubbed(Defect):
    """Music replaces the sound (`mode: instead`), or drowns it (`mode: over`).

    Then the sound's RMS is `snr_db` above the music's, -18 to -6 unless asked: so little that the
    clip counts as not belonging together.
    """

    judge = Judge("instance_score")
    grades = {"instead": ({"mode": "instead"},)} | {
        f"{db}dB": ({"mode": "over", "snr_db": float(db)},) for db in (-6, -12, -18)
    }

    def choose(self, rng: Generator, event: str, seconds: float) -> Options:
        mode, snr_db = str(rng.choice(MODES)), round(float(rng.uniform(-18, -6)), 1)
        return {"mode": mode, "snr_db": snr_db}

    def apply(self, clip: Rendered, rng: Generator, options: Options) -> Rendered:
        if options["mode"] not in MODES:
            raise AcavError(f"dubbed: mode is one of {', '.join(MODES)}, got {options['mode']!r}")
        music = tune(rng, len(clip.audio), clip.rate_hz)
        music *= level.gain(float(rng.uniform(-14, -2))) / float(np.abs(music).max())
        if options["mode"] == "over":
            mixed = level.over(music, clip.audio, -float(options["snr_db"]))
            return replace(clip, audio=mixed, defect_options=options)
        kept = {"mode": "instead"}
        return replace(clip, audio=music.astype(np.float32), defect_options=kept)

    def labels(self, seconds: float, options: Options) -> tuple[bool, ...]:
        return labels.every(seconds, together=False)

    def offset_s(self, options: Options) -> float | None:
        return None

    def describe(self, true: Captions, options: Options, seconds: float) -> Captions:
        audio = "a synthesizer plays a tune"
        if options["mode"] == "over":
            audio += f" over the faint sound of something else: {true.audio}"
        return Captions(f"{true.visual}, to music that covers the sound", audio, true.visual)
