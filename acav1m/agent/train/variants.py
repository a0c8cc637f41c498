"""Other clips that might as well have been observed, so that a planner learns what matters.

As the right answer follows from the question alone, a question may be changed and answered
anew. Only questions to train on are: those that planners are measured by stay as observed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.agent.planner import Asked
from acav1m.agent.train import captions
from acav1m.agent.train.answer import after, answer
from acav1m.agent.train.data import called_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.random import Generator

    from acav1m.agent.observation import Blanks, Level, Noise, Timing
    from acav1m.agent.scores import Scores
    from acav1m.agent.train.example import Example

LOUDER_DB, SNR_DB = 10, 1.5
STRETCHED = (0.7, 1.4)
"""Offsets and drifts become so many times as large, on either side."""

SCORE, PITCH = 0.05, 7
LEAST_LUFS, MOST_LUFS = -50, -9
INJECTED_SHARE = 0.2


def varied(examples: Sequence[Example], times: int, seed: int) -> Iterator[Example]:
    """The examples, and `times` others of each: louder, later, described otherwise ..."""
    rng = np.random.default_rng([seed, 3])
    told = [_told(one) for one in examples if _plain(one)]
    for one in examples:
        yield one
        for _ in range(times):
            caption = told[int(rng.integers(len(told)))] if told else _told(one)
            other = _varied(one, caption, rng)
            # what falls on the other side of some threshold would upset the balance
            yield other if called_for(other) == called_for(one) else one


def _told(one: Example) -> tuple[str | None, str | None]:
    return one.asked.observation.audio_caption, one.asked.observation.visual_caption


def _plain(one: Example) -> bool:
    return not one.injected and captions.heard_pitch(one.asked.observation) is None


def _varied(one: Example, told: tuple[str | None, str | None], rng: Generator) -> Example:
    found = one.asked.observation
    louder_db = _gain_db(found.level, rng)
    changed = found.model_copy(
        update={
            "audio_caption": told[0],
            "visual_caption": told[1],
            "scores": _scores(found.scores, rng),
            "noise": _noise(found.noise, louder_db, rng),
            "timing": _timing(found.timing, rng),
            "level": _level(found.level, louder_db),
            "blanks": _blanks(found.blanks, rng),
        }
    )
    if captions.heard_pitch(found) is not None:
        changed = captions.with_pitch(changed, _side(rng) * int(rng.integers(1, PITCH + 1)))
    if injected := bool(rng.random() < INJECTED_SHARE):
        changed = captions.injected(changed, rng, captions.ORDERS)
    asked = after(Asked(observation=changed), len(one.asked.history))
    return one.model_copy(update={"asked": asked, "plan": answer(asked), "injected": injected})


def _gain_db(level: Level, rng: Generator) -> float:
    """How much louder it may be: no peak above full scale, no target beyond its limits."""
    low, high = -float(LOUDER_DB), min(LOUDER_DB, -(level.peak_db or 0.0))
    if level.target_lufs is not None:
        low, high = (
            max(low, LEAST_LUFS - level.target_lufs),
            min(high, MOST_LUFS - level.target_lufs),
        )
    return float(rng.uniform(low, high)) if low < high else 0.0


def _level(level: Level, louder_db: float) -> Level:
    moved = {name: value + louder_db for name, value in level if value is not None}
    return level.model_copy(update=moved)


def _noise(noise: Noise, louder_db: float, rng: Generator) -> Noise:
    if noise.floor_db is None or noise.snr_db is None:
        return noise
    less_db = float(rng.uniform(-SNR_DB, SNR_DB))
    floor_db = noise.floor_db + louder_db - less_db
    return noise.model_copy(update={"floor_db": floor_db, "snr_db": noise.snr_db + less_db})


def _timing(timing: Timing, rng: Generator) -> Timing:
    times = _side(rng) * float(rng.uniform(*STRETCHED))
    moved = {"offset_s": timing.offset_s, "drift": timing.drift}
    return timing.model_copy(update={k: v and v * times for k, v in moved.items()})


def _scores(scores: Scores, rng: Generator) -> Scores:
    moved = {
        name: float(np.clip(value + rng.uniform(-SCORE, SCORE), 0, 1))
        for name, value in scores
        if value is not None
    }
    return scores.model_copy(update=moved)


def _blanks(blanks: Blanks, rng: Generator) -> Blanks:
    if not blanks.count:
        return blanks
    count, longest_ms = int(rng.integers(1, 9)), float(rng.uniform(5, 300))
    return blanks.model_copy(update={"count": count, "longest_ms": longest_ms})


def _side(rng: Generator) -> int:
    return int(rng.choice((-1, 1)))
