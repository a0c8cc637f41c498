"""A siren with a flashing lamp."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth.colour import article, blend, pick, shade
from acav1m.synth.event import Captions, Event

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.canvas import Canvas


class Siren(Event):
    """Two lamps take turns, the left on the low tone and the right on the high one."""

    every_s = (0.3, 0.75)
    impulsive = False

    def cast(self, rng: Generator) -> None:
        self.body = pick(rng)
        self.lamps = (pick(rng, "blue", "orange"), pick(rng, "red", "white"))
        self.low_hz = float(rng.uniform(380, 620))
        self.ratio = float(rng.uniform(1.25, 1.6))
        self.levels = rng.uniform(0.2, 1, 6) / np.arange(1, 7)

    def draw(self, canvas: Canvas, t_s: float) -> None:
        beat = self.rhythm.beat(t_s)
        on = beat.number % 2
        light = beat.strength * float(np.exp(-beat.age_s / 0.5))
        canvas.tint(self.lamps[on].rgb, 0.22 * light)
        canvas.box(-0.85, 0.3, 0.85, 1.0, self.body.rgb)
        canvas.box(-0.7, 0.42, 0.7, 0.7, (165, 195, 215))
        canvas.box(-0.75, 0.2, 0.75, 0.3, (50, 50, 55))
        for lamp, x in enumerate((-0.42, 0.42)):
            shine = light if lamp == on else 0.0
            self._lamp(canvas, x, self.lamps[lamp].rgb, shine)

    def _lamp(self, canvas: Canvas, x: float, rgb: tuple[int, int, int], shine: float) -> None:
        if shine > 0.1:
            for ray in np.linspace(-1.2, 1.2, 7):
                dx, dy = float(np.sin(ray)), float(-np.cos(ray))
                reach = 0.45 + 0.4 * shine
                canvas.line(x + 0.4 * dx, 0.1 + 0.4 * dy, x + reach * dx, 0.1 + reach * dy, rgb)
        canvas.oval(x, 0.2, 0.27, 0.34, blend(shade(rgb, 0.35), shade(rgb, 1.55), shine))
        canvas.box(x - 0.3, 0.2, x + 0.3, 0.3, (50, 50, 55))

    def sound(self, rate_hz: int) -> NDArray[np.float64]:
        times = self.times_s(rate_hz)
        index = np.searchsorted(self.rhythm.times_s, times, side="right") - 1
        pitch = np.where(index % 2 == 1, self.low_hz * self.ratio, self.low_hz)
        loud = 0.35 + 0.65 * self.rhythm.envelope(times, 0.01, 0.5)
        turn = 2 * np.pi * np.cumsum(pitch) / rate_hz
        wail = sum(level * np.sin(k * turn) for k, level in enumerate(self.levels, 1))
        return np.asarray(loud * wail)

    def captions(self) -> Captions:
        left, right = self.lamps[0].name, self.lamps[1].name
        car = article(f"{self.body.name} emergency car")
        return Captions(
            f"a two-tone siren wails on {car} whose {left} and {right} lamps flash in turn",
            "a siren wails, switching between a low and a high tone",
            f"{left} and {right} lamps flash in turn on top of {car}",
        )
