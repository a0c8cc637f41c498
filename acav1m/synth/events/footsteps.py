"""Footsteps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound
from acav1m.synth.colour import pick, shade
from acav1m.synth.event import Captions, StrikingEvent
from acav1m.synth.motion import smooth

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.canvas import Canvas
    from acav1m.synth.rhythm import Beat

GROUNDS = {"gravel": "crunching", "wooden boards": "hollow", "stone slabs": "clicking"}


class Footsteps(StrikingEvent):
    """Legs walk on the spot, as if the camera went along; each step ends as the shoe lands."""

    every_s = (0.32, 0.7)
    jitter = 0.22

    def cast(self, rng: Generator) -> None:
        self.ground = str(rng.choice(tuple(GROUNDS)))
        self.tone = pick(rng, "brown" if self.ground == "wooden boards" else "grey").rgb
        self.trousers, self.shoes = pick(rng), pick(rng, "red", "brown", "white", "blue", "orange")
        self.pitch_hz = float(rng.uniform(70, 130))
        self.dust = rng.uniform(-0.2, 0.2, (6, 2))

    def draw(self, canvas: Canvas, t_s: float) -> None:
        beat = self.rhythm.beat(t_s)
        canvas.box(-1.3, 0.85, 1.3, 1.0, self.tone)
        swing = smooth(beat.age_s / beat.interval_s)
        lift = 0.32 * float(np.sin(np.pi * beat.age_s / beat.interval_s))
        moving, standing = -0.45 + 0.9 * swing, 0.45 - 0.9 * swing
        left = beat.number % 2 == 0
        self._leg(canvas, standing, 0.0, shade(self.trousers.rgb, 0.7 if left else 1.0))
        self._leg(canvas, moving, lift, shade(self.trousers.rgb, 1.0 if left else 0.7))
        canvas.box(-0.22, -1.0, 0.22, -0.45, self.trousers.rgb)
        if beat.age_s < 0.16:
            for dx, dy in self.dust:
                x, y = 0.45 + float(dx) * (1 + 9 * beat.age_s), 0.82 - abs(float(dy)) - beat.age_s
                canvas.disc(x, y, 0.05 * beat.strength, shade(self.tone, 1.4))

    def _leg(self, canvas: Canvas, x: float, lift: float, rgb: tuple[int, int, int]) -> None:
        foot_y, knee_x, knee_y = 0.78 - lift, x * 0.6 + 0.12 + lift * 0.5, 0.12 - 0.4 * lift
        canvas.line(0, -0.5, knee_x, knee_y, rgb, 0.24)
        canvas.line(knee_x, knee_y, x, foot_y, rgb, 0.2)
        canvas.oval(x + 0.1, foot_y + 0.03, 0.24, 0.09, self.shoes.rgb)

    def hit(self, beat: Beat, rng: Generator, rate_hz: int) -> NDArray[np.float64]:
        thud = sound.modes(rate_hz, (self.pitch_hz, 2.1 * self.pitch_hz), (0.04, 0.02), (1.0, 0.4))
        if self.ground == "gravel":
            top = 0.5 * sound.burst(rng, rate_hz, 1500, 6000, 0.05)
        elif self.ground == "wooden boards":
            top = 0.8 * sound.modes(rate_hz, (310.0, 520.0), (0.04, 0.03), (1.0, 0.6))
        else:
            top = 0.7 * sound.burst(rng, rate_hz, 1800, 5000, 0.008)
        return beat.strength * sound.mix(0.6 * thud, top)

    def captions(self) -> Captions:
        heard = f"{GROUNDS[self.ground]} footsteps"
        return Captions(
            f"a person in {self.trousers.name} trousers walks over {self.ground} with {heard}",
            f"{heard} on {self.ground}",
            f"legs in {self.trousers.name} trousers and {self.shoes.name} shoes on {self.ground}",
        )
