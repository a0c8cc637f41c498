"""A ball that bounces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound
from acav1m.synth.colour import article, pick, shade
from acav1m.synth.event import Captions, StrikingEvent
from acav1m.synth.motion import fading

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.canvas import Canvas
    from acav1m.synth.rhythm import Beat

FLOORS = {"wooden": ("brown", "dull thuds"), "stone": ("grey", "sharp smacks")}


class Ball(StrikingEvent):
    """A ball falls, hits the floor and rises; a longer flight is higher and lands harder."""

    every_s = (0.45, 0.85)
    jitter = 0.25

    def cast(self, rng: Generator) -> None:
        self.floor = str(rng.choice(tuple(FLOORS)))
        self.paint = pick(rng)
        self.ground = pick(rng, FLOORS[self.floor][0]).rgb
        self.radius = float(rng.uniform(0.16, 0.28))
        self.pitch_hz = float(rng.uniform(60, 110) if self.floor == "wooden" else 180)

    def draw(self, canvas: Canvas, t_s: float) -> None:
        beat = self.rhythm.beat(t_s)
        height = min(beat.interval_s, 1.0) ** 2 * 1.5 * 4 * beat.age_s * beat.until_s
        height /= max(beat.interval_s, 0.01) ** 2
        squash = 0.45 * fading(beat, 0.04)
        canvas.box(-1.1, 0.8, 1.1, 1.0, self.ground)
        canvas.oval(0, 0.86, self.radius * (1.2 - 0.4 * height), 0.05, shade(self.ground, 0.5))
        y = 0.85 - self.radius * (1 - squash) - height
        wide, high = self.radius * (1 + squash), self.radius * (1 - squash)
        canvas.oval(0, y, wide, high, self.paint.rgb)
        canvas.oval(-0.3 * wide, y - 0.3 * high, wide / 4, high / 4, shade(self.paint.rgb, 1.6))

    def hit(self, beat: Beat, rng: Generator, rate_hz: int) -> NDArray[np.float64]:
        thump = sound.modes(rate_hz, (self.pitch_hz, self.pitch_hz * 2.3), (0.06, 0.03), (1.0, 0.5))
        smack = 600 if self.floor == "wooden" else 2500
        slap = sound.burst(rng, rate_hz, smack * 0.4, smack, 0.012)
        return beat.strength * sound.mix(thump, 0.35 * slap)

    def captions(self) -> Captions:
        ball, heard = article(f"{self.paint.name} ball"), FLOORS[self.floor][1]
        return Captions(
            f"{ball} bounces on a {self.floor} floor with {heard}",
            f"a ball bounces with {heard}",
            f"{ball} bounces up and down on a {self.floor} floor",
        )
