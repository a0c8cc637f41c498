"""When things happen: an irregular beat that both picture and sound follow."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray


class Beat(NamedTuple):
    """Where an instant lies between two hits."""

    number: int
    age_s: float
    """Time since the last hit."""

    until_s: float
    """Time to the next hit."""

    strength: float
    """How hard the last hit was, 0 to 1."""

    coming: float
    """How hard the next one will be."""

    @property
    def interval_s(self) -> float:
        return self.age_s + self.until_s


@dataclass(frozen=True)
class Rhythm:
    """Hits with their strengths, in order of time."""

    times_s: tuple[float, ...]
    strengths: tuple[float, ...]

    def beat(self, t_s: float) -> Beat:
        """Say where `t_s` lies; it must be between the first hit and the last.

        >>> Rhythm((0.0, 1.0), (0.5, 0.9)).beat(0.25)
        Beat(number=0, age_s=0.25, until_s=0.75, strength=0.5, coming=0.9)
        """
        i = min(max(bisect_right(self.times_s, t_s) - 1, 0), len(self.times_s) - 2)
        last, following = self.times_s[i], self.times_s[i + 1]
        return Beat(i, t_s - last, following - t_s, self.strengths[i], self.strengths[i + 1])

    def beats(self) -> list[Beat]:
        """Every hit at its own instant, the last one left out: nothing follows it."""
        spans = pairwise(self.times_s)
        return [self.beat(start)._replace(age_s=0.0, until_s=end - start) for start, end in spans]

    def within(self, start_s: float, end_s: float) -> tuple[float, ...]:
        """Times of the hits in [start_s, end_s)."""
        return tuple(t for t in self.times_s if start_s <= t < end_s)

    def envelope(
        self, times_s: NDArray[np.float64], rise_s: float, fall_s: float
    ) -> NDArray[np.float64]:
        """Swell after each hit: up over `rise_s`, then an exponential fall; 0 to 1."""
        index = np.searchsorted(self.times_s, times_s, side="right") - 1
        age = times_s - np.asarray(self.times_s)[np.maximum(index, 0)]
        strength = np.asarray(self.strengths)[np.maximum(index, 0)]
        swell = np.minimum(age / rise_s, 1) * np.exp(-np.maximum(age - rise_s, 0) / fall_s)
        return np.where(index < 0, 0.0, strength * swell)


def irregular(
    rng: Generator, start_s: float, end_s: float, every_s: tuple[float, float], jitter: float
) -> Rhythm:
    """Draw hits from `start_s` until one lies after `end_s`, at a tempo drawn from `every_s`.

    The jitter keeps any shift of the sound detectable: a strict beat moved by its own period
    would fit again. A later `end_s` adds hits and leaves the earlier ones as they are.
    """
    tempo_s = float(np.exp(rng.uniform(*np.log(every_s))))
    times, strengths = [start_s + tempo_s * rng.uniform(0.1, 0.9)], [rng.uniform(0.5, 1)]
    while times[-1] <= end_s:
        stretch = np.clip(np.exp(jitter * rng.standard_normal()), 0.6, 1.6)
        times.append(times[-1] + min(tempo_s * float(stretch), 1.2))
        strengths.append(rng.uniform(0.5, 1))
    return Rhythm(tuple(times), tuple(float(s) for s in strengths))
