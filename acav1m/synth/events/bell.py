"""A bell struck by a hammer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound
from acav1m.synth.canvas import turned
from acav1m.synth.colour import article, blend, pick, shade
from acav1m.synth.event import Captions, StrikingEvent
from acav1m.synth.motion import fading, raised, shiver

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.canvas import Canvas
    from acav1m.synth.rhythm import Beat

PARTIALS = (0.5, 1.0, 1.19, 1.5, 2.0, 2.52, 3.01, 4.1)
"""Hum, prime, tierce, quint, nominal and above, relative to the prime."""

BODY = [(-0.1, 0.0), (0.1, 0.0), (0.3, 0.25), (0.36, 0.8), (0.55, 1.1), (-0.55, 1.1)]
BODY += [(-0.36, 0.8), (-0.3, 0.25)]


class Bell(StrikingEvent):
    """A hammer swings against a hanging bell; the bell jolts and rings on."""

    every_s = (0.5, 1.0)

    def cast(self, rng: Generator) -> None:
        self.paint = pick(rng, "yellow", "orange", "grey", "green", "white")
        self.wood = pick(rng, "brown", "grey").rgb
        self.large = bool(rng.random() < 0.5)
        self.pitch_hz = float(rng.uniform(220, 420) if self.large else rng.uniform(700, 1500))
        self.tilt = rng.uniform(0.6, 1.3, len(PARTIALS))

    def draw(self, canvas: Canvas, t_s: float) -> None:
        beat = self.rhythm.beat(t_s)
        size, glow = (1.0 if self.large else 0.7), fading(beat, 0.12)
        canvas.box(-1, -1, 1, -0.86, self.wood)
        angle = 0.22 * shiver(beat, 3.5, 0.3)
        body = [(x * size, y * size) for x, y in BODY]
        canvas.disc(0, 1.1 * size - 0.75, 0.13 * size, shade(self.paint.rgb, 0.5))
        canvas.line(0, -0.9, 0, -0.7, shade(self.wood, 0.6), 0.08)
        canvas.shape(
            turned(body, angle, 0, -0.8), blend(self.paint.rgb, (255, 255, 255), glow * 0.7)
        )
        lift = raised(beat, 0.18)
        x, y = 0.08 + 0.62 * size + 0.5 * lift, 0.95 * size - 0.8 - 0.25 * lift
        canvas.line(x + 0.05, y, 1.0, -0.86, self.wood, 0.05)
        canvas.disc(x, y, 0.13, shade(self.wood, 0.5))

    def hit(self, beat: Beat, rng: Generator, rate_hz: int) -> NDArray[np.float64]:
        ratios = np.asarray(PARTIALS)
        taus = (0.9 if self.large else 0.5) / np.sqrt(ratios)
        levels = self.tilt / (0.6 + ratios) * rng.uniform(0.8, 1.2, len(ratios))
        ring = sound.modes(rate_hz, list(self.pitch_hz * ratios), list(taus), list(levels))
        clang = sound.burst(rng, rate_hz, 1500, 6000, 0.008)
        return beat.strength * sound.mix(ring, 0.8 * clang)

    def captions(self) -> Captions:
        bell = article(f"{'large' if self.large else 'small'} {self.paint.name} bell")
        tone = "deep" if self.large else "bright"
        return Captions(
            f"a hammer strikes {bell}, which rings with a {tone} tone",
            f"a bell rings again and again with a {tone} tone",
            f"a hammer strikes {bell} hanging from a beam",
        )
