"""Typing on a keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth import sound
from acav1m.synth.colour import article, blend, pick, shade
from acav1m.synth.event import Captions, StrikingEvent
from acav1m.synth.motion import raised

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.canvas import Canvas
    from acav1m.synth.rhythm import Beat

ROWS, COLUMNS = 4, 9


class Typing(StrikingEvent):
    """Two fingers hammer away at a keyboard; letters appear on the screen with every click."""

    every_s = (0.14, 0.34)
    jitter = 0.45

    def cast(self, rng: Generator) -> None:
        self.paint = pick(rng)
        self.finger = pick(rng, "pink", "brown", "orange").rgb
        count = len(self.rhythm.times_s)
        self.rows, self.columns = rng.integers(0, ROWS, count), rng.integers(0, COLUMNS, count)
        self.wide = rng.uniform(0.06, 0.16, count)
        self.old = bool(rng.random() < 0.5)
        self.pitch_hz = float(rng.uniform(1100, 2600))

    def draw(self, canvas: Canvas, t_s: float) -> None:
        beat = self.rhythm.beat(t_s)
        self._screen(canvas, beat.number)
        canvas.shape([(-0.95, 0.1), (0.95, 0.1), (1.1, 1.0), (-1.1, 1.0)], self.paint.rgb)
        cap = shade(self.paint.rgb, 0.45)
        for row in range(ROWS):
            for column in range(COLUMNS):
                x, y = _key(row, column)
                canvas.box(x - 0.08, y - 0.07, x + 0.08, y + 0.07, cap)
        if beat.age_s < 0.12:
            x, y = self._at(beat.number)
            canvas.box(
                x - 0.09,
                y - 0.08,
                x + 0.09,
                y + 0.08,
                blend((255, 230, 90), cap, beat.age_s / 0.12),
            )
        for hand in (0, 1):
            self._finger(canvas, beat, hand)

    def _screen(self, canvas: Canvas, index: int) -> None:
        canvas.box(-0.8, -1.0, 0.8, 0.0, (40, 42, 48))
        canvas.box(-0.72, -0.92, 0.72, -0.08, (225, 230, 235))
        x, y = -0.65, -0.8
        for letter in range(index // 24 * 24, index + 1):
            canvas.box(x, y, x + float(self.wide[letter]), y + 0.1, (60, 70, 90))
            x += float(self.wide[letter]) + 0.06
            if x > 0.5:
                x, y = -0.65, y + 0.18

    def _finger(self, canvas: Canvas, beat: Beat, hand: int) -> None:
        mine = beat.number % 2 == hand
        part = beat._replace(until_s=9.0) if mine else beat._replace(age_s=9.0)
        x, y = self._at(beat.number if mine else beat.number + 1)
        lift = 0.22 * raised(part, 0.09)
        side = 0.12 if hand else -0.12
        canvas.line(x, y - lift, x + side, y + 0.6 - lift, self.finger, 0.15)

    def _at(self, index: int) -> tuple[float, float]:
        return _key(int(self.rows[index]), int(self.columns[index]))

    def hit(self, beat: Beat, rng: Generator, rate_hz: int) -> NDArray[np.float64]:
        click = sound.burst(rng, rate_hz, self.pitch_hz, self.pitch_hz * 2.5, 0.006)
        body = sound.modes(rate_hz, (rng.uniform(250, 420),), (0.015,), (0.8,))
        bounce = np.concatenate([np.zeros(round(0.03 * rate_hz)), click * 0.4 * self.old])
        return beat.strength * sound.mix(0.6 * click, body, bounce)

    def captions(self) -> Captions:
        keyboard = article(f"{self.paint.name} keyboard")
        heard = "clattering" if self.old else "soft"
        return Captions(
            f"fingers type on {keyboard} with {heard} clicks",
            f"{heard} clicks of typing on a keyboard",
            f"fingers type on {keyboard} and text appears on a screen",
        )


def _key(row: int, column: int) -> tuple[float, float]:
    return -0.8 + 0.2 * column, 0.25 + 0.2 * row
