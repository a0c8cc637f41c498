"""Silent movers: things that move to no sound, so that motion alone proves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth.colour import pick, shade
from acav1m.synth.motion import Wander

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.canvas import Canvas

KINDS = ("balloon", "fan", "plant", "box")


class Distractor:
    """One silent mover at the edge of the picture."""

    def __init__(self, rng: Generator) -> None:
        self.kind = str(rng.choice(KINDS))
        self.colour = pick(rng).rgb
        self.size = float(rng.uniform(0.1, 0.24))
        side = float(rng.choice((-1, 1)))
        self.x, self.y = side * float(rng.uniform(0.7, 1.3)), float(rng.uniform(-0.8, 0.8))
        self.reach = float(rng.uniform(0.05, 0.25))
        self.turn_hz = float(rng.uniform(0.2, 1.5))
        self.across, self.along = Wander(rng, 0.1, 0.9), Wander(rng, 0.1, 0.9)

    def draw(self, canvas: Canvas, t_s: float) -> None:
        """Draw the instant `t_s` in the picture's own units."""
        x = self.x + self.reach * self.across.at(t_s)
        y = self.y + self.reach * self.along.at(t_s)
        {"balloon": self._balloon, "fan": self._fan, "plant": self._plant, "box": self._box}[
            self.kind
        ](canvas, x, y, t_s)

    def _balloon(self, canvas: Canvas, x: float, y: float, t_s: float) -> None:
        canvas.line(x, y + self.size, self.x, y + 3 * self.size, (90, 90, 90), 0.01)
        canvas.oval(x, y, self.size * 0.85, self.size, self.colour)
        canvas.disc(
            x - self.size * 0.3, y - self.size * 0.4, self.size * 0.2, shade(self.colour, 1.5)
        )

    def _fan(self, canvas: Canvas, x: float, y: float, t_s: float) -> None:
        for blade in range(3):
            angle = 2 * np.pi * (self.turn_hz * t_s + blade / 3)
            dx, dy = float(np.cos(angle)) * self.size, float(np.sin(angle)) * self.size
            canvas.line(self.x, self.y, self.x + dx, self.y + dy, self.colour, self.size * 0.4)
        canvas.disc(self.x, self.y, self.size * 0.25, shade(self.colour, 0.5))

    def _plant(self, canvas: Canvas, x: float, y: float, t_s: float) -> None:
        for leaf in range(-2, 3):
            tip = self.x + leaf * self.size * 0.5 + 0.6 * (x - self.x)
            canvas.line(self.x, 1.0, tip, 1.0 - 3 * self.size, (60, 130 + 15 * leaf, 60), 0.03)

    def _box(self, canvas: Canvas, x: float, y: float, t_s: float) -> None:
        x += self.reach * 2 * self.across.at(0.5 * t_s)
        canvas.box(x - self.size, y - self.size, x + self.size, y + self.size * 0.8, self.colour)
