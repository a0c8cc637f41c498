"""Noise over the sound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from acav1m.errors import AcavError, did_you_mean
from acav1m.synth import labels, level, noise
from acav1m.synth.defect import Defect, Judge, Options
from acav1m.synth.event import Captions

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.scene import Rendered

HEARD = {"white": "hiss", "pink": "rushing noise", "hum": "a mains hum", "babble": "many voices"}


class Noisy(Defect):
    """White or pink noise, mains hum or babble at a known signal-to-noise ratio.

    `snr_db` compares RMS over the whole clip, 0 to 15 unless asked. What is heard under the noise
    still belongs to the picture, so the labels stay.
    """

    judge = Judge("instance_score")
    grades = {f"{db}dB": ({"snr_db": float(db)},) for db in (20, 10, 0, -10)}

    def choose(self, rng: Generator, event: str, seconds: float) -> Options:
        kind, snr_db = str(rng.choice(noise.KINDS)), round(float(rng.uniform(0, 15)), 1)
        return {"kind": kind, "snr_db": snr_db}

    def apply(self, clip: Rendered, rng: Generator, options: Options) -> Rendered:
        kind = str(options["kind"])
        if kind not in noise.KINDS:
            raise AcavError(f"noisy: no noise {kind!r}{did_you_mean(kind, noise.KINDS)}")
        added = noise.coloured(rng, len(clip.audio), clip.rate_hz, kind)
        return replace(clip, audio=level.over(clip.audio, added, float(options["snr_db"])))

    def labels(self, seconds: float, options: Options) -> tuple[bool, ...]:
        return labels.every(seconds, together=True)

    def describe(self, true: Captions, options: Options, seconds: float) -> Captions:
        under = f"under {HEARD[str(options['kind'])]}"
        return Captions(f"{true.both}, {under}", f"{true.audio}, {under}", true.visual)
