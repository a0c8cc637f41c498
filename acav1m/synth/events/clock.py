"""A clock that ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound
from acav1m.synth.colour import article, pick, shade
from acav1m.synth.event import Captions, StrikingEvent
from acav1m.synth.motion import smooth

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.canvas import Canvas
    from acav1m.synth.rhythm import Beat


class Clock(StrikingEvent):
    """A wall clock's hand jumps at every tick and its pendulum reaches the other side."""

    every_s = (0.4, 0.9)
    jitter = 0.18

    def cast(self, rng: Generator) -> None:
        self.paint = pick(rng)
        self.hour = float(rng.uniform(0, 2 * np.pi))
        self.pitch_hz = float(rng.uniform(1400, 3200))
        self.wooden = bool(rng.random() < 0.5)

    def draw(self, canvas: Canvas, t_s: float) -> None:
        beat = self.rhythm.beat(t_s)
        way = np.cos(np.pi * beat.age_s / beat.interval_s) * (1 if beat.number % 2 else -1)
        angle = 0.55 * float(way)
        x, y = float(np.sin(angle)), float(np.cos(angle))
        canvas.line(0, -0.1, x * 0.95, -0.1 + y * 0.9, (90, 80, 60), 0.05)
        canvas.disc(x * 0.95, -0.1 + y * 0.95, 0.15, (215, 175, 60))
        canvas.disc(0, -0.3, 0.68, shade(self.paint.rgb, 0.8))
        canvas.disc(0, -0.3, 0.57, (245, 243, 235))
        for mark in range(12):
            dx, dy = float(np.sin(mark * np.pi / 6)), float(-np.cos(mark * np.pi / 6))
            canvas.line(0.46 * dx, -0.3 + 0.46 * dy, 0.53 * dx, -0.3 + 0.53 * dy, (60, 60, 60))
        self._hand(canvas, self.hour, 0.28, (30, 30, 30), 0.07)
        step = beat.number - 1 + smooth(beat.age_s / 0.04)
        self._hand(canvas, self.hour + step * np.pi / 9, 0.48, (205, 30, 30), 0.05)
        canvas.disc(0, -0.3, 0.06, (30, 30, 30))

    def _hand(
        self, canvas: Canvas, angle: float, length: float, rgb: tuple[int, int, int], width: float
    ) -> None:
        x, y = length * float(np.sin(angle)), -0.3 - length * float(np.cos(angle))
        canvas.line(0, -0.3, x, y, rgb, width)

    def hit(self, beat: Beat, rng: Generator, rate_hz: int) -> NDArray[np.float64]:
        pitch = self.pitch_hz * (1.0 if beat.number % 2 else 0.78)
        tau = 0.014 if self.wooden else 0.035
        ring = sound.modes(rate_hz, (pitch, 1.7 * pitch), (tau, tau / 2), (1.0, 0.5))
        return beat.strength * sound.mix(ring, 0.5 * sound.burst(rng, rate_hz, 2000, 7000, 0.004))

    def captions(self) -> Captions:
        clock = article(f"{self.paint.name} wall clock")
        heard = "dry wooden" if self.wooden else "sharp metallic"
        return Captions(
            f"{clock} ticks with {heard} clicks while its pendulum swings",
            f"a clock ticks with {heard} clicks",
            f"{clock} with a swinging pendulum and a jumping red hand",
        )
