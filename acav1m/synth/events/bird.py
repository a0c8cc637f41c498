"""A bird that chirps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound
from acav1m.synth.colour import article, pick, shade
from acav1m.synth.event import Captions, StrikingEvent

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.canvas import Canvas
    from acav1m.synth.rhythm import Beat


class Bird(StrikingEvent):
    """A bird on a branch opens its beak and puffs its breast with every chirp."""

    every_s = (0.28, 0.75)
    jitter = 0.4

    def cast(self, rng: Generator) -> None:
        self.paint = pick(
            rng, "red", "orange", "yellow", "green", "teal", "blue", "purple", "brown"
        )
        self.branch = pick(rng, "brown", "grey").rgb
        self.pitch_hz = float(rng.uniform(2000, 4200))
        self.sweep = float(rng.choice((0.55, 0.75, 1.35, 1.7)))
        self.length_s = float(rng.uniform(0.07, 0.16))
        self.trill_hz = float(rng.choice((0.0, 28.0, 45.0)))

    def draw(self, canvas: Canvas, t_s: float) -> None:
        beat = self.rhythm.beat(t_s)
        opened = beat.strength * max(1 - beat.age_s / (self.length_s + 0.08), 0.0)
        dark, bob = shade(self.paint.rgb, 0.65), 0.1 * opened
        canvas.line(-1.1, 0.85, 1.1, 0.72, self.branch, 0.12)
        canvas.shape([(-0.5, 0.15), (-1.05, 0.5 - bob), (-0.9, 0.62 - bob), (-0.4, 0.5)], dark)
        canvas.line(-0.1, 0.5, -0.1, 0.8, (200, 140, 60), 0.05)
        canvas.line(0.1, 0.5, 0.1, 0.78, (200, 140, 60), 0.05)
        canvas.oval(0, 0.25, 0.52 + 0.08 * opened, 0.4 + 0.08 * opened, self.paint.rgb, angle=-20)
        canvas.oval(
            0.15, 0.38, 0.3 + 0.12 * opened, 0.24 + 0.08 * opened, (240, 225, 190), angle=-20
        )
        canvas.oval(-0.2, 0.2, 0.34, 0.2, dark, angle=20)
        canvas.disc(0.4, -0.22 - bob, 0.3, self.paint.rgb)
        canvas.disc(0.46, -0.3 - bob, 0.06, (20, 20, 20))
        self._beak(canvas, -0.2 - bob, 0.26 * opened)

    def _beak(self, canvas: Canvas, y: float, gape: float) -> None:
        canvas.shape([(0.62, y - 0.1), (0.66, y + 0.02), (1.0, y - gape)], (250, 175, 40))
        canvas.shape([(0.62, y + 0.1), (0.66, y - 0.02), (0.97, y + gape)], (225, 140, 20))

    def hit(self, beat: Beat, rng: Generator, rate_hz: int) -> NDArray[np.float64]:
        times = np.arange(round(self.length_s * rate_hz)) / rate_hz
        share = times / self.length_s
        pitch = self.pitch_hz * rng.uniform(0.92, 1.08) * self.sweep**share
        pitch = np.minimum(pitch * (1 + 0.12 * np.sin(2 * np.pi * self.trill_hz * times)), 7000)
        shape = np.minimum(times / 0.003, 1) * (1 - share) ** 0.7
        return np.asarray(beat.strength * shape * sound.glide(rate_hz, pitch))

    def captions(self) -> Captions:
        bird = article(f"{self.paint.name} bird")
        heard = "rising" if self.sweep > 1 else "falling"
        return Captions(
            f"{bird} on a branch sings with {heard} chirps",
            f"a bird sings with {heard} chirps",
            f"{bird} sits on a branch and opens its beak",
        )
