"""Piano keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound
from acav1m.synth.colour import article, blend, pick
from acav1m.synth.event import Captions, StrikingEvent
from acav1m.synth.motion import fading, raised

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.canvas import Canvas
    from acav1m.synth.rhythm import Beat

SCALE = (0, 2, 4, 5, 7, 9, 11, 12)
"""Semitones of the eight white keys above the first."""


class Piano(StrikingEvent):
    """A finger presses white keys; the farther to one side, the higher the note."""

    every_s = (0.25, 0.65)
    jitter = 0.4

    def cast(self, rng: Generator) -> None:
        self.paint = pick(rng)
        self.finger = pick(rng, "pink", "brown", "orange").rgb
        self.keys = rng.integers(0, len(SCALE), len(self.rhythm.times_s))
        self.root_hz = float(rng.choice((130.8, 174.6, 261.6, 349.2)))
        self.tau_s = float(rng.uniform(0.25, 0.6))

    def draw(self, canvas: Canvas, t_s: float) -> None:
        beat = self.rhythm.beat(t_s)
        pressed = int(self.keys[beat.number])
        coming = int(self.keys[beat.number + 1])
        canvas.box(-1.05, -0.5, 1.05, 0.95, self.paint.rgb)
        for key in range(len(SCALE)):
            x, down = -1 + key * 0.25, 0.12 if key == pressed and beat.age_s < 0.3 else 0.0
            glow = fading(beat, 0.15) if key == pressed else 0.0
            tone = blend((240, 238, 230), (255, 200, 60), glow)
            canvas.box(x + 0.01, -0.15 + down, x + 0.24, 0.75 + down, tone)
        for x in (-0.75, -0.5, 0.0, 0.25, 0.5):
            canvas.box(x - 0.07, -0.15, x + 0.07, 0.35, (25, 25, 28))
        share = min(beat.age_s / beat.interval_s, 1.0)
        x = -0.875 + 0.25 * (pressed + (coming - pressed) * share)
        y = 0.55 - 0.5 * raised(beat, 0.12)
        canvas.line(x, y, x + 0.1, y - 0.9, self.finger, 0.16)

    def hit(self, beat: Beat, rng: Generator, rate_hz: int) -> NDArray[np.float64]:
        pitch = self.root_hz * 2 ** (SCALE[int(self.keys[beat.number])] / 12)
        orders = np.arange(1, 9)
        freqs = pitch * orders * np.sqrt(1 + 4e-4 * orders**2)
        levels = 1 / orders**1.3
        note = sound.modes(rate_hz, list(freqs), list(self.tau_s / orders**0.5), list(levels))
        return beat.strength * sound.mix(note, 0.3 * sound.burst(rng, rate_hz, 200, 3000, 0.006))

    def captions(self) -> Captions:
        piano = article(f"{self.paint.name} piano")
        return Captions(
            f"a finger plays single notes on the keys of {piano}",
            "single piano notes are played one after another",
            f"a finger presses white keys on {piano}",
        )
