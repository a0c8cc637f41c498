"""An engine that revs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound
from acav1m.synth.colour import article, blend, pick, shade
from acav1m.synth.event import Captions, Event

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.canvas import Canvas

RISE_S, FALL_S = 0.06, 0.22


class Engine(Event):
    """A parked car revs: it shakes and blows exhaust as hard as the engine is heard."""

    every_s = (0.5, 0.95)
    impulsive = False

    def cast(self, rng: Generator) -> None:
        self.paint = pick(rng)
        self.idle_hz = float(rng.uniform(28, 55))
        self.firing = rng.uniform(0.3, 1, 14) / np.sqrt(np.arange(1, 15))
        self.phases = rng.uniform(0, 6.28, 14)

    def _rev(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.rhythm.envelope(times_s, RISE_S, FALL_S)

    def draw(self, canvas: Canvas, t_s: float) -> None:
        rev = float(self._rev(np.asarray([t_s]))[0])
        shake = (0.008 + 0.05 * rev) * np.sin(2 * np.pi * 9.3 * t_s)
        y, lean = 0.35 + float(shake), 0.05 * rev
        dark = shade(self.paint.rgb, 0.6)
        self._exhaust(canvas, t_s)
        canvas.line(-0.9, y + 0.32, -0.72, y + 0.32, (70, 70, 75), 0.08)
        cabin = [(-0.5, y), (-0.3, y - 0.4), (0.25, y - 0.4), (0.45, y)]
        canvas.shape(cabin, dark)
        canvas.shape([(-0.4, y), (-0.25, y - 0.32), (0.2, y - 0.32), (0.35, y)], (170, 205, 225))
        hood = [(-0.75, y - lean), (0.85, y - 0.02 + lean), (0.85, y + 0.38), (-0.75, y + 0.38)]
        canvas.shape(hood, self.paint.rgb)
        canvas.disc(0.8, y + 0.15, 0.07, blend((200, 180, 90), (255, 255, 220), rev))
        for x in (-0.45, 0.5):
            canvas.disc(x, 0.78, 0.22, (35, 35, 38))
            canvas.disc(x, 0.78, 0.1, (150, 150, 155))

    def _exhaust(self, canvas: Canvas, t_s: float) -> None:
        """Blow one puff after another, each as large as the revs were when it left."""
        for k in range(9):
            age = (t_s % 0.06) + 0.06 * k
            strength = float(self._rev(np.asarray([t_s - age]))[0])
            size = strength * (0.05 + 0.35 * age)
            grey = int(95 + 180 * age)
            if size > 0.01:
                canvas.disc(-0.95 - 0.9 * age, 0.62 - 0.5 * age, size, (grey, grey, grey))

    def sound(self, rate_hz: int) -> NDArray[np.float64]:
        rev = self._rev(self.times_s(rate_hz))
        turn = 2 * np.pi * np.cumsum(self.idle_hz * (1 + 1.4 * rev)) / rate_hz
        layers = zip(self.firing, self.phases, strict=True)
        growl = sum(a * np.sin(k * turn + p) for k, (a, p) in enumerate(layers, 1))
        hiss = sound.band(self.rng("hiss").standard_normal(len(rev)), 200, 2500, rate_hz)
        return np.asarray((0.08 + rev) * growl + rev**1.5 * hiss)

    def captions(self) -> Captions:
        car = article(f"{self.paint.name} car")
        return Captions(
            f"{car} shakes and puffs exhaust as its engine revs loudly",
            "an engine idles and revs up loudly again and again",
            f"{car} stands shaking and puffs grey exhaust",
        )
