"""Fireworks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound
from acav1m.synth.colour import blend, pick, shade
from acav1m.synth.event import Captions, StrikingEvent

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.canvas import Canvas
    from acav1m.synth.rhythm import Beat

CLIMB_S = 0.35


class Firework(StrikingEvent):
    """Rockets climb and burst over a dark sky; bang and burst come together, as from near by."""

    every_s = (0.6, 1.0)
    jitter = 0.25
    night = True

    def cast(self, rng: Generator) -> None:
        count = len(self.rhythm.times_s)
        self.paints = (pick(rng, "red", "orange", "yellow"), pick(rng, "green", "blue", "pink"))
        self.x, self.y = rng.uniform(-0.7, 0.7, count), rng.uniform(-0.7, -0.1, count)
        self.angles = rng.uniform(0, 2 * np.pi, 34)
        self.reach = rng.uniform(0.35, 1.0, 34)
        self.pitch_hz = float(rng.uniform(45, 80))
        self.crackle = bool(rng.random() < 0.5)

    def draw(self, canvas: Canvas, t_s: float) -> None:
        beat = self.rhythm.beat(t_s)
        if beat.age_s < 0.1:
            canvas.tint((255, 250, 230), 0.35 * beat.strength * (1 - beat.age_s / 0.1))
        self._burst(canvas, beat)
        if beat.until_s < CLIMB_S:
            share = 1 - beat.until_s / CLIMB_S
            x, y = float(self.x[beat.number + 1]), float(self.y[beat.number + 1])
            head = 1.2 + (y - 1.2) * share**0.7
            canvas.line(x, head + 0.25, x, head, (200, 150, 90), 0.03)
            canvas.disc(x, head, 0.04, (255, 240, 200))

    def _burst(self, canvas: Canvas, beat: Beat) -> None:
        if beat.age_s > 0.9:
            return
        rgb = self.paints[beat.number % 2].rgb
        x, y = float(self.x[beat.number]), float(self.y[beat.number])
        spread = 0.15 + 0.75 * beat.strength * (1 - float(np.exp(-beat.age_s / 0.18)))
        tone = blend(shade(rgb, 1.6), shade(rgb, 0.25), min(beat.age_s / 0.9, 1.0))
        size = 0.06 * (1 - 0.6 * beat.age_s)
        for angle, reach in zip(self.angles, self.reach, strict=True):
            dx, dy = spread * reach * float(np.cos(angle)), spread * reach * float(np.sin(angle))
            canvas.disc(x + dx, y + dy + 0.4 * beat.age_s**2, size, tone)
        if beat.age_s < 0.12:
            canvas.disc(x, y, 0.3 * (1 - beat.age_s / 0.12) + 0.05, (255, 255, 240))

    def hit(self, beat: Beat, rng: Generator, rate_hz: int) -> NDArray[np.float64]:
        boom = sound.modes(rate_hz, (self.pitch_hz, 1.8 * self.pitch_hz), (0.22, 0.12), (1.0, 0.6))
        bang = sound.burst(rng, rate_hz, 80, 2500, 0.09)
        sizzle = sound.burst(rng, rate_hz, 3000, 7000, 0.25)
        sizzle *= rng.random(len(sizzle)) < (0.02 if self.crackle else 0.0)
        return beat.strength * sound.mix(boom, 0.8 * bang, 0.6 * sizzle)

    def captions(self) -> Captions:
        first, second = self.paints[0].name, self.paints[1].name
        heard = "booms and crackles" if self.crackle else "deep booms"
        return Captions(
            f"{first} and {second} fireworks burst in a dark sky with {heard}",
            f"fireworks explode with {heard}",
            f"{first} and {second} fireworks burst in a dark sky",
        )
