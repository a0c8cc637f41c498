"""A saw cutting wood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound
from acav1m.synth.colour import article, pick, shade
from acav1m.synth.event import Captions, StrikingEvent
from acav1m.synth.motion import smooth

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.canvas import Canvas
    from acav1m.synth.rhythm import Beat

STROKE_SHARE = 0.8
"""Part of the time between two strokes in which the saw moves."""


class Saw(StrikingEvent):
    """A hand saw goes to and fro through a log; it rasps while it moves, the faster the louder."""

    every_s = (0.35, 0.75)
    jitter = 0.35
    impulsive = False

    def cast(self, rng: Generator) -> None:
        self.handle, self.log = pick(rng), pick(rng, "brown", "orange")
        self.low_hz = float(rng.uniform(700, 1500))
        self.fine = bool(rng.random() < 0.5)
        self.dust = rng.uniform(0, 1, (14, 2))

    def draw(self, canvas: Canvas, t_s: float) -> None:
        beat = self.rhythm.beat(t_s)
        gone = smooth(beat.age_s / (STROKE_SHARE * beat.interval_s))
        way = 1 if beat.number % 2 else -1
        x = 0.45 * way * (1 - 2 * gone)
        canvas.box(-0.9, 0.45, 0.9, 0.95, self.log.rgb)
        canvas.oval(0.9, 0.7, 0.12, 0.25, shade(self.log.rgb, 1.4))
        canvas.line(0, 0.45, 0, 0.62, shade(self.log.rgb, 0.4), 0.05)
        for dx, dy in self.dust[: int(14 * _speed(beat) * beat.strength)]:
            fall = (float(dy) + 2.5 * t_s) % 1
            canvas.disc(0.5 * (float(dx) - 0.5), 0.5 + 0.5 * fall, 0.035, (240, 215, 160))
        canvas.shape(
            [(x - 0.95, 0.3), (x + 0.6, 0.15), (x + 0.6, 0.55), (x - 0.95, 0.5)], (190, 195, 205)
        )
        for tooth in np.arange(-0.9, 0.55, 0.13):
            canvas.shape(
                [(x + tooth, 0.5), (x + tooth + 0.1, 0.5), (x + tooth + 0.05, 0.58)],
                (150, 155, 165),
            )
        canvas.box(x + 0.55, 0.0, x + 0.9, 0.5, self.handle.rgb)
        canvas.box(x + 0.66, 0.14, x + 0.79, 0.36, shade(self.handle.rgb, 0.4))

    def hit(self, beat: Beat, rng: Generator, rate_hz: int) -> NDArray[np.float64]:
        count = round(STROKE_SHARE * beat.interval_s * rate_hz)
        rasp = sound.band(rng.standard_normal(count), self.low_hz, 4.5 * self.low_hz, rate_hz)
        share = np.arange(count) / count
        teeth_hz = (160 if self.fine else 70) * (0.4 + np.sin(np.pi * share))
        teeth = 0.6 + 0.4 * sound.glide(rate_hz, teeth_hz)
        return np.asarray(beat.strength * (4 * share * (1 - share)) ** 0.6 * teeth * rasp)

    def captions(self) -> Captions:
        saw = f"a saw with {article(self.handle.name)} handle"
        return Captions(
            f"{saw} cuts through a log with rasping strokes",
            f"a {'fine' if self.fine else 'coarse'} saw rasps to and fro through wood",
            f"{saw} moves to and fro through a log and drops sawdust",
        )


def _speed(beat: Beat) -> float:
    share = min(beat.age_s / (STROKE_SHARE * beat.interval_s), 1.0)
    return 4 * share * (1 - share)
