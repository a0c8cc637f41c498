"""A hammer on a nail or an anvil."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound
from acav1m.synth.canvas import turned
from acav1m.synth.colour import article, pick, shade
from acav1m.synth.event import Captions, StrikingEvent
from acav1m.synth.motion import fading, raised

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.canvas import Canvas
    from acav1m.synth.rhythm import Beat


class Hammer(StrikingEvent):
    """A hammer comes down on an anvil with sparks, or on a wooden block with chips."""

    every_s = (0.4, 0.9)

    def cast(self, rng: Generator) -> None:
        self.anvil = bool(rng.random() < 0.5)
        self.handle = pick(rng)
        self.block = pick(rng, "grey" if self.anvil else "brown").rgb
        self.pitch_hz = float(rng.uniform(900, 1800) if self.anvil else rng.uniform(180, 320))
        self.rays = rng.uniform(-1.3, 1.3, 9)

    def draw(self, canvas: Canvas, t_s: float) -> None:
        beat = self.rhythm.beat(t_s)
        self._rest(canvas)
        self._sparks(canvas, beat)
        angle = -1.15 * raised(beat, 0.16)
        pivot_x, pivot_y = 0.95, 0.22
        canvas.shape(
            turned([(0, -0.05), (-1.1, -0.05), (-1.1, 0.05), (0, 0.05)], -angle, pivot_x, pivot_y),
            self.handle.rgb,
        )
        head = [(-1.25, -0.26), (-0.95, -0.26), (-0.95, 0.18), (-1.25, 0.18)]
        canvas.shape(turned(head, -angle, pivot_x, pivot_y), (70, 72, 80))

    def _rest(self, canvas: Canvas) -> None:
        if self.anvil:
            canvas.box(-0.75, 0.4, 0.45, 0.6, self.block)
            canvas.shape([(0.45, 0.4), (0.8, 0.45), (0.45, 0.55)], self.block)
            canvas.box(-0.35, 0.6, 0.1, 0.8, shade(self.block, 0.7))
            canvas.box(-0.6, 0.8, 0.35, 1.0, self.block)
        else:
            canvas.box(-0.9, 0.55, 0.4, 1.0, self.block)
            canvas.line(-0.15, 0.4, -0.15, 0.6, (180, 180, 190), 0.06)
            canvas.line(-0.24, 0.41, -0.06, 0.41, (180, 180, 190), 0.05)

    def _sparks(self, canvas: Canvas, beat: Beat) -> None:
        if beat.age_s > 0.25:
            return
        tone = (255, 215, 80) if self.anvil else (225, 190, 140)
        reach, size = 0.2 + 2.6 * beat.age_s, 0.02 + 0.07 * fading(beat, 0.12)
        for ray in self.rays:
            x = -0.15 + reach * float(np.sin(ray))
            canvas.disc(x, 0.38 - 0.7 * reach * float(np.cos(ray)), size, tone)

    def hit(self, beat: Beat, rng: Generator, rate_hz: int) -> NDArray[np.float64]:
        ratios = np.asarray((1.0, 2.76, 5.4) if self.anvil else (1.0, 1.6, 2.3))
        tau = 0.18 if self.anvil else 0.035
        taus = list(tau / ratios**0.4)
        ring = sound.modes(rate_hz, list(self.pitch_hz * ratios), taus, (1.0, 0.7, 0.4))
        knock = sound.burst(rng, rate_hz, 500, 5000, 0.008)
        return beat.strength * sound.mix(ring, 0.7 * knock)

    def captions(self) -> Captions:
        hammer = f"a hammer with {article(self.handle.name)} handle"
        where = "an anvil" if self.anvil else "a nail in a wooden block"
        heard = "ringing clangs" if self.anvil else "dull knocks"
        return Captions(
            f"{hammer} strikes {where} with {heard}",
            f"a hammer strikes with {heard}",
            f"{hammer} strikes {where}{' and sparks fly' if self.anvil else ''}",
        )
