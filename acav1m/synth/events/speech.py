"""A face that speaks."""

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

VOWELS = (
    ((730, 1090), 1.0, 1.0),
    ((270, 2290), 0.45, 1.3),
    ((300, 870), 0.55, 0.6),
    ((530, 1840), 0.7, 1.15),
    ((570, 840), 0.85, 0.75),
)
"""First two formants in Hz (ah, ee, oo, eh, oh), how far the mouth opens, how wide it is."""

SKINS = ((245, 208, 178), (224, 172, 130), (170, 115, 75), (110, 72, 48))


class Speech(StrikingEvent):
    """A face babbles syllables; the mouth opens as wide as each vowel is loud and open."""

    every_s = (0.2, 0.42)
    jitter = 0.4

    def cast(self, rng: Generator) -> None:
        self.skin = SKINS[int(rng.integers(len(SKINS)))]
        self.hair = pick(rng, "brown", "grey", "yellow", "orange", "red")
        self.shirt = pick(rng)
        self.low = bool(rng.random() < 0.5)
        self.pitch_hz = float(rng.uniform(90, 140) if self.low else rng.uniform(180, 260))
        self.vowels = rng.integers(0, len(VOWELS), len(self.rhythm.times_s))

    def draw(self, canvas: Canvas, t_s: float) -> None:
        beat = self.rhythm.beat(t_s)
        _, opening, wide = VOWELS[int(self.vowels[beat.number])]
        opened = opening * _syllable(beat)
        canvas.oval(0, 1.15, 0.9, 0.4, self.shirt.rgb)
        canvas.oval(0, -0.25, 0.72, 0.72, self.hair.rgb)
        canvas.oval(0, 0.05, 0.62, 0.8, self.skin)
        for x in (-0.25, 0.25):
            canvas.oval(x, -0.15, 0.11, 0.08, (250, 250, 250))
            canvas.disc(x, -0.15, 0.06, (40, 30, 30))
            canvas.line(x - 0.12, -0.32, x + 0.12, -0.32, shade(self.hair.rgb, 0.7), 0.05)
        canvas.line(0, -0.05, 0.05, 0.18, shade(self.skin, 0.75), 0.04)
        width = 0.2 * (1 + (wide - 1) * opened)
        canvas.oval(0, 0.45 + 0.08 * opened, width + 0.06, 0.05 + 0.24 * opened, (185, 70, 75))
        canvas.oval(0, 0.45 + 0.08 * opened, width, 0.01 + 0.21 * opened, (70, 15, 20))

    def hit(self, beat: Beat, rng: Generator, rate_hz: int) -> NDArray[np.float64]:
        times = np.arange(round(min(beat.interval_s, 0.4) * rate_hz)) / rate_hz
        pitch = self.pitch_hz * rng.uniform(0.9, 1.15) * (1 - 0.25 * times)
        pulses = 0.5 - (np.cumsum(pitch) / rate_hz) % 1
        formants, _, _ = VOWELS[int(self.vowels[beat.number])]
        voice = sum(sound.band(pulses, f * 0.88, f * 1.14, rate_hz) for f in formants)
        shape = [_syllable(beat._replace(age_s=t, until_s=beat.until_s - t)) for t in times[::16]]
        envelope = np.interp(times, times[::16], shape)
        pop = 0.25 * sound.burst(rng, rate_hz, 800, 5000, 0.006)
        return sound.mix(envelope * (voice + 0.15 * pulses), beat.strength * 0.4 * pop)

    def captions(self) -> Captions:
        voice = "low" if self.low else "high"
        return Captions(
            f"a person with {self.hair.name} hair talks in a {voice} voice",
            f"a {voice} voice babbles syllables",
            f"a person with {self.hair.name} hair and {article(self.shirt.name)} shirt speaks",
        )


def _syllable(beat: Beat) -> float:
    """How open and loud: at once up, held, and closed before the next syllable."""
    rise = min(beat.age_s / 0.025, 1.0)
    fall = min(max(beat.until_s - 0.03, 0.0) / (0.5 * beat.interval_s), 1.0)
    return beat.strength * rise * fall
