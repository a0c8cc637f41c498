"""What an event class must do: look, sound, and say what it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, NamedTuple
from zlib import crc32

import numpy as np

from acav1m.synth import rhythm, sound

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.canvas import Canvas
    from acav1m.synth.rhythm import Beat


class Captions(NamedTuple):
    """Lower-case sentences: what happens, what is heard, what is seen."""

    both: str
    audio: str
    visual: str


class Event(ABC):
    """One performance between `start_s` and `end_s`; picture and sound follow one rhythm.

    A class draws in its own space: x and y from -1 to 1, y downwards, the ground at y = 1. It
    reads time as seconds, so the picture is right at any frame rate.
    """

    every_s: ClassVar[tuple[float, float]] = (0.4, 0.9)
    """Tempo: a clip's mean time between hits is drawn from this range."""

    jitter: ClassVar[float] = 0.3
    impulsive: ClassVar[bool] = True
    """Whether a hit is heard as a sharp onset; else the sound swells and ebbs."""

    night: ClassVar[bool] = False
    """Whether it happens before a dark sky."""

    def __init__(self, seed: int, start_s: float, end_s: float) -> None:
        self.seed, self.start_s, self.end_s = seed, start_s, end_s
        self.rhythm = rhythm.irregular(
            self.rng("rhythm"), start_s, end_s, self.every_s, self.jitter
        )
        self.cast(self.rng("cast"))

    def rng(self, purpose: str) -> Generator:
        """A generator of its own per purpose, so that one draw more moves nothing else."""
        return np.random.default_rng(
            [self.seed, crc32(f"{type(self).__name__}/{purpose}".encode())]
        )

    @abstractmethod
    def cast(self, rng: Generator) -> None:
        """Choose what this clip's performer looks and sounds like."""
        ...

    @abstractmethod
    def draw(self, canvas: Canvas, t_s: float) -> None:
        """Draw the instant `t_s`."""
        ...

    @abstractmethod
    def captions(self) -> Captions:
        """Describe what was cast."""
        ...

    @abstractmethod
    def sound(self, rate_hz: int) -> NDArray[np.float64]:
        """The sound from `start_s` to `end_s`."""
        ...

    def times_s(self, rate_hz: int) -> NDArray[np.float64]:
        """When each sample of `sound` is heard."""
        count = round((self.end_s - self.start_s) * rate_hz)
        return self.start_s + np.arange(count) / rate_hz


class StrikingEvent(Event):
    """An event whose sound is that of its hits, each at its own instant."""

    @abstractmethod
    def hit(self, beat: Beat, rng: Generator, rate_hz: int) -> NDArray[np.float64]:
        """The sound of one hit, its onset at sample 0."""
        ...

    def sound(self, rate_hz: int) -> NDArray[np.float64]:
        """The sound from `start_s` to `end_s`: every hit at its own sample, tails added up."""
        rng = self.rng("sound")
        track = np.zeros(round((self.end_s - self.start_s) * rate_hz))
        for beat, time_s in zip(self.rhythm.beats(), self.rhythm.times_s, strict=False):
            sound.place(track, self.hit(beat, rng, rate_hz), (time_s - self.start_s) * rate_hz)
        return track
