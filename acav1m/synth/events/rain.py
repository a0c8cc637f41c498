"""Rain that comes in gusts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound
from acav1m.synth.colour import pick, shade
from acav1m.synth.event import Captions, Event

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.canvas import Canvas

RISE_S, FALL_S = 0.08, 0.3


class Rain(Event):
    """Rain pelts the ground from a cloud: more drops and splashes, the louder it is heard."""

    every_s = (0.55, 1.0)
    impulsive = False

    def cast(self, rng: Generator) -> None:
        self.cloud = pick(rng, "grey", "white", "purple").rgb
        self.roof = bool(rng.random() < 0.5)
        self.ground = pick(rng, "red", "brown", "grey") if self.roof else pick(rng, "blue", "teal")
        count = 90
        self.x, self.need = rng.uniform(-1.2, 1.2, count), np.sort(rng.uniform(0.02, 0.95, count))
        self.phase, self.pace = rng.uniform(0, 1, count), rng.uniform(2.2, 3.2, count)
        self.slant = float(rng.uniform(-0.2, 0.2))

    def _density(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(0.06 + 0.94 * self.rhythm.envelope(times_s, RISE_S, FALL_S))

    def draw(self, canvas: Canvas, t_s: float) -> None:
        density = float(self._density(np.asarray([t_s]))[0])
        canvas.box(-1.4, 0.75, 1.4, 1.0, self.ground.rgb)
        for i in range(int(np.searchsorted(self.need, density))):
            x, fall = float(self.x[i]), float((self.phase[i] + self.pace[i] * t_s) % 1)
            y = -0.6 + 1.4 * fall
            length = 0.2
            canvas.line(
                x + self.slant * y,
                y,
                x + self.slant * (y + length),
                y + length,
                (190, 215, 240),
                0.03,
            )
            if fall > 0.7:
                canvas.oval(
                    x + self.slant, 0.85, 0.3 * (fall - 0.6), 0.06, (235, 245, 255), width=0.025
                )
        for dx, size in ((-0.75, 0.3), (-0.25, 0.38), (0.3, 0.4), (0.8, 0.3)):
            canvas.disc(dx, -0.72, size, shade(self.cloud, 1 - 0.5 * density))

    def sound(self, rate_hz: int) -> NDArray[np.float64]:
        density = self._density(self.times_s(rate_hz))
        rng = self.rng("sound")
        low = 300 if self.roof else 1200
        wash = sound.band(rng.standard_normal(len(density)), low, 7000, rate_hz)
        drops = np.zeros(len(density))
        ticks = np.flatnonzero(rng.random(len(density)) < density * 260 / rate_hz)
        for at in ticks.tolist():
            pitch = float(rng.uniform(400, 1500) if self.roof else rng.uniform(1500, 5000))
            sound.place(drops, rng.uniform(0.3, 1) * _tick(rate_hz, round(pitch, -2)), at)
        return np.asarray(density * wash + 1.2 * drops)

    def captions(self) -> Captions:
        place = f"{self.ground.name} roof" if self.roof else "puddle"
        return Captions(
            f"rain pelts a {place} in heavy gusts",
            f"rain patters in gusts {'on a roof' if self.roof else 'into water'}",
            f"gusts of rain fall from a cloud onto a {place}",
        )


def _tick(rate_hz: int, pitch_hz: float) -> NDArray[np.float64]:
    return sound.modes(rate_hz, (pitch_hz,), (0.003,), (1.0,))
