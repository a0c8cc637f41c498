"""Water dripping from a tap."""

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

FALL_S = 0.3


class Drip(StrikingEvent):
    """Drops fall from a tap; the water's rings spread from the instant one lands."""

    every_s = (0.4, 0.95)
    jitter = 0.35

    def cast(self, rng: Generator) -> None:
        self.tap = pick(rng, "grey", "yellow", "white", "orange")
        self.bowl = pick(rng)
        self.pitch_hz = float(rng.uniform(450, 1100))
        self.rise = float(rng.uniform(1.5, 2.6))

    def draw(self, canvas: Canvas, t_s: float) -> None:
        beat = self.rhythm.beat(t_s)
        water = (110, 175, 225)
        canvas.line(-1.0, -0.75, 0.05, -0.75, self.tap.rgb, 0.22)
        canvas.line(0.0, -0.8, 0.0, -0.5, self.tap.rgb, 0.22)
        canvas.line(-0.35, -1.0, -0.35, -0.75, shade(self.tap.rgb, 0.6), 0.1)
        canvas.line(-0.55, -1.0, -0.15, -1.0, shade(self.tap.rgb, 0.6), 0.12)
        canvas.oval(0, 0.72, 1.0, 0.3, self.bowl.rgb)
        canvas.oval(0, 0.68, 0.88, 0.24, water)
        self._rings(canvas, beat)
        fall = 1 - beat.until_s / FALL_S
        y = -0.4 + 1.05 * max(fall, 0.0) ** 2
        size = 0.09 * min(beat.age_s / 0.25, 1.0) * (0.7 + 0.3 * beat.coming)
        canvas.oval(0, y, size, 0.02 + size * (1.3 if fall > 0 else 1.0), (60, 125, 200))

    def _rings(self, canvas: Canvas, beat: Beat) -> None:
        if beat.age_s < 0.14:
            height = 0.3 * beat.strength * (1 - beat.age_s / 0.14)
            for x in (-0.12, 0.0, 0.12):
                canvas.disc(x * (1 + 6 * beat.age_s), 0.64 - height, 0.05, (235, 245, 255))
        for k in range(3):
            spread = 1.5 * beat.age_s - 0.12 * k
            if 0 < spread < 0.85:
                tone = (235, 245, 255) if spread < 0.5 else (160, 205, 240)
                canvas.oval(0, 0.68, spread, spread * 0.26, tone, width=0.03)

    def hit(self, beat: Beat, rng: Generator, rate_hz: int) -> NDArray[np.float64]:
        envelope = sound.decay(rate_hz, 0.035)
        share = np.arange(len(envelope)) / len(envelope)
        pitch = self.pitch_hz * rng.uniform(0.8, 1.2) * self.rise ** (share * 2)
        plink = envelope * sound.glide(rate_hz, pitch)
        return beat.strength * sound.mix(plink, 0.15 * sound.burst(rng, rate_hz, 2000, 7000, 0.006))

    def captions(self) -> Captions:
        bowl = article(f"{self.bowl.name} bowl")
        return Captions(
            f"water drips from a tap into {bowl} with clear plinks",
            "drops of water fall into water with clear plinks",
            f"drops fall from {article(self.tap.name)} tap and make rings in {bowl} of water",
        )
