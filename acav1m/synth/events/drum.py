"""A drum played with two sticks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound
from acav1m.synth.colour import article, blend, pick, shade
from acav1m.synth.event import Captions, StrikingEvent
from acav1m.synth.motion import fading, raised

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.canvas import Canvas
    from acav1m.synth.rhythm import Beat


class Drum(StrikingEvent):
    """Two sticks take turns on a drum's skin, which flashes and dents where it is hit."""

    every_s = (0.22, 0.55)
    jitter = 0.4

    def cast(self, rng: Generator) -> None:
        self.paint = pick(rng)
        self.snare = bool(rng.random() < 0.5)
        self.pitch_hz = float(rng.uniform(150, 220) if self.snare else rng.uniform(65, 110))
        self.tall = float(rng.uniform(0.35, 0.5) if self.snare else rng.uniform(0.7, 0.9))

    def draw(self, canvas: Canvas, t_s: float) -> None:
        beat = self.rhythm.beat(t_s)
        top, glow = 1 - self.tall, fading(beat, 0.07)
        canvas.oval(0, 0.95, 0.75, 0.15, shade(self.paint.rgb, 0.7))
        canvas.box(-0.75, top, 0.75, 0.95, self.paint.rgb)
        for x in (-0.5, -0.17, 0.17, 0.5):
            canvas.line(x, top + 0.12, x, 0.98, shade(self.paint.rgb, 0.55), 0.03)
        canvas.oval(0, top, 0.75, 0.2, (225, 220, 205))
        canvas.oval(0, top, 0.66, 0.16, blend((200, 192, 175), (255, 250, 160), min(glow, 1)))
        canvas.ring(0.0, top, 0.02 + 0.15 * glow, (140, 120, 90), 0.02)
        for hand in (0, 1):
            self._stick(canvas, beat, hand, top)

    def _stick(self, canvas: Canvas, beat: Beat, hand: int, top: float) -> None:
        """Lift the stick whose turn it is not."""
        side = 1 if hand else -1
        mine = beat.number % 2 == hand
        part = beat._replace(until_s=9.0) if mine else beat._replace(age_s=9.0)
        lift = raised(part, 0.14)
        tip_x, tip_y = side * 0.2, top - 0.03 - 0.55 * lift
        canvas.line(tip_x, tip_y, side * 1.0, tip_y - 0.3 - 0.2 * lift, (120, 78, 40), 0.07)
        canvas.disc(tip_x, tip_y, 0.07, (90, 55, 25))

    def hit(self, beat: Beat, rng: Generator, rate_hz: int) -> NDArray[np.float64]:
        envelope = sound.decay(rate_hz, 0.09)
        times = np.arange(len(envelope)) / rate_hz
        boom = envelope * sound.glide(rate_hz, self.pitch_hz * (1 + np.exp(-times / 0.03)))
        rattle = sound.burst(rng, rate_hz, 800, 7000, 0.07 if self.snare else 0.01)
        return beat.strength * sound.mix(boom, (0.5 if self.snare else 0.3) * rattle)

    def captions(self) -> Captions:
        drum = article(f"{self.paint.name} drum")
        heard = "crisp rattling beats" if self.snare else "deep booming beats"
        return Captions(
            f"two sticks play {drum} with {heard}",
            f"a drum is played with {heard}",
            f"two sticks strike {drum} in turn",
        )
