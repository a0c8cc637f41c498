"""When things happen in the wild: seldom, often, in bursts, ever faster, as people talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth.rhythm import Rhythm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

    from acav1m.synth.wild.beat import Floats

FAR_S = 30.0
"""A hit this long before the first and after the last, so that every instant lies between two."""

LEAST_GAP_S = 0.11
"""Two hits closer than this are one."""

SHARES = {
    "lone": 0.16,
    "scattered": 0.22,
    "irregular": 0.28,
    "steady": 0.08,
    "bursts": 0.12,
    "changing": 0.14,
}


def draw(rng: Generator, start_s: float, end_s: float) -> Rhythm:
    """Draw a rhythm: mostly irregular, from one hit to some six a second."""
    kind = str(rng.choice(list(SHARES), p=list(SHARES.values())))
    return {
        "lone": lone,
        "scattered": _scattered,
        "irregular": _irregular,
        "steady": _steady,
        "bursts": _bursts,
        "changing": _changing,
    }[kind](rng, start_s, end_s)


def syllables(rng: Generator, start_s: float, end_s: float) -> Rhythm:
    """Draw the starts of syllables: 3 to 6 a second, with pauses between phrases."""
    pace_s, pause = rng.uniform(0.16, 0.32), rng.uniform(0.08, 0.35)

    def gaps() -> Iterator[float]:
        while True:
            yield pace_s * rng.uniform(0.6, 1.5) + (rng.random() < pause) * rng.uniform(0.3, 1.3)

    return _walk(rng, start_s, end_s, gaps())


def strokes(rng: Generator, start_s: float, end_s: float) -> Rhythm:
    """Draw the turns of something that is drawn to and fro."""
    tempo_s, rests = np.exp(rng.uniform(np.log(0.22), np.log(1.2))), rng.uniform(0, 0.3)

    def gaps() -> Iterator[float]:
        while True:
            yield tempo_s * rng.uniform(0.6, 1.5) + (rng.random() < rests) * rng.uniform(0.3, 1.5)

    return _walk(rng, start_s, end_s, gaps())


def share(rng: Generator, rhythm: Rhythm, parts: int) -> list[Rhythm]:
    """Deal out the hits to so many parts, each hit to one of them."""
    owner = rng.integers(0, parts, len(rhythm.times_s))
    both = list(zip(rhythm.times_s[1:-1], rhythm.strengths[1:-1], owner[1:-1], strict=True))
    return [
        _rhythm([t for t, _, o in both if o == k], [s for _, s, o in both if o == k])
        for k in range(parts)
    ]


def astray(rng: Generator, rhythm: Rhythm) -> tuple[Rhythm, Rhythm, Rhythm]:
    """Hide some hits and mute some others: what is both seen and heard, what seen, what heard."""
    hidden, muted = rng.uniform(0, 0.4, 2)
    fate = rng.random(len(rhythm.times_s))
    hits = list(zip(rhythm.times_s[1:-1], rhythm.strengths[1:-1], fate[1:-1], strict=True))

    def those(low: float, high: float) -> Rhythm:
        chosen = [(t, s) for t, s, f in hits if low <= f < high]
        return _rhythm([t for t, _ in chosen], [s for _, s in chosen])

    return those(hidden, 1 - muted), those(hidden, 1), those(0, 1 - muted)


def lone(rng: Generator, start_s: float, end_s: float) -> Rhythm:
    """Only one to three hits in all, the first of them well inside."""
    inside = (start_s + 0.25 * (end_s - start_s), end_s - 0.25 * (end_s - start_s))
    times = rng.uniform(*inside, int(rng.choice((1, 1, 2, 3))))
    return _loud(rng, times)


def _scattered(rng: Generator, start_s: float, end_s: float) -> Rhythm:
    """Hits that know nothing of each other."""
    count = rng.poisson((end_s - start_s) * np.exp(rng.uniform(np.log(0.4), np.log(4))))
    return _loud(rng, rng.uniform(start_s, end_s, max(int(count), 2)))


def _irregular(rng: Generator, start_s: float, end_s: float) -> Rhythm:
    tempo_s, jitter = np.exp(rng.uniform(np.log(0.17), np.log(1.2))), rng.uniform(0.15, 0.6)

    def gaps() -> Iterator[float]:
        while True:
            yield tempo_s * float(np.exp(jitter * rng.standard_normal()))

    return _walk(rng, start_s, end_s, gaps())


def _steady(rng: Generator, start_s: float, end_s: float) -> Rhythm:
    """A beat as strict as a machine's, with some hits left out."""
    tempo_s, rests = rng.uniform(0.16, 1.0), float(rng.choice((0.0, 0.0, 0.3)))

    def gaps() -> Iterator[float]:
        while True:
            yield tempo_s * (1 + (rng.random() < rests)) * (1 + 0.01 * rng.standard_normal())

    return _walk(rng, start_s, end_s, gaps())


def _bursts(rng: Generator, start_s: float, end_s: float) -> Rhythm:
    inner_s, outer_s = rng.uniform(0.12, 0.35), rng.uniform(0.6, 2.0)

    def gaps() -> Iterator[float]:
        while True:
            for _ in range(int(rng.integers(1, 6))):
                yield inner_s * rng.uniform(0.8, 1.25)
            yield outer_s * rng.uniform(0.6, 1.4)

    return _walk(rng, start_s, end_s, gaps())


def _changing(rng: Generator, start_s: float, end_s: float) -> Rhythm:
    """Ever faster, or ever slower, over and over."""
    slow_s, fast_s, steps = rng.uniform(0.5, 1.2), rng.uniform(0.13, 0.3), rng.integers(4, 12)
    ramp = np.geomspace(slow_s, fast_s, int(steps))[:: int(rng.choice((-1, 1)))]

    def gaps() -> Iterator[float]:
        while True:
            yield from (float(gap) * rng.uniform(0.9, 1.1) for gap in ramp)

    return _walk(rng, start_s, end_s, gaps())


def _walk(rng: Generator, start_s: float, end_s: float, gaps: Iterator[float]) -> Rhythm:
    times = [start_s + next(gaps) * rng.uniform(0.1, 0.9)]
    while times[-1] < end_s:
        times.append(times[-1] + max(next(gaps), LEAST_GAP_S))
    return _loud(rng, np.asarray(times[:-1] or times))


def _loud(rng: Generator, times: Floats) -> Rhythm:
    """Give each hit a strength, from all alike to very different ones."""
    ordered = np.sort(times)
    kept = [float(ordered[0])]
    for time in ordered[1:].tolist():
        if time - kept[-1] >= LEAST_GAP_S:
            kept.append(time)
    return _rhythm(kept, rng.uniform(rng.uniform(0.25, 0.9), 1, len(kept)).tolist())


def _rhythm(times: list[float], strengths: list[float]) -> Rhythm:
    first, last = (times[0], times[-1]) if times else (0.0, 0.0)
    return Rhythm((first - FAR_S, *times, last + FAR_S), (0.0, *strengths, 0.0))
