"""Examples whose observations are imagined, so that hundreds of them cost nothing."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from acav1m.agent.observation import Blanks, Level, Noise, Observation, Timing
from acav1m.agent.planner import Asked
from acav1m.agent.scores import Scores
from acav1m.agent.train.answer import after, answer
from acav1m.agent.train.captions import with_pitch
from acav1m.agent.train.data import split_of
from acav1m.agent.train.example import Example
from acav1m.synth import scene
from acav1m.synth.event import Captions

KINDS = ("clean", "hiss", "hum", "babble", "late", "drift", "loud", "blanks", "pitch")


@pytest.fixture(scope="session")
def imagined() -> list[Example]:
    rng = np.random.default_rng(3)
    return [_example(number, rng) for number in range(900)]


def _example(number: int, rng: np.random.Generator) -> Example:
    kind, event = KINDS[number % len(KINDS)], str(rng.choice(scene.events()))
    both = _captions(event, int(rng.integers(4)))
    found = Observation(
        duration_s=5.0,
        audio_caption=both.audio,
        visual_caption=both.visual,
        scores=Scores(
            alignment=float(rng.uniform(0.5, 1)),
            temporal=0.1 if kind in ("late", "drift") else 0.97,
            soundness=0.2 if kind in ("hiss", "hum", "babble") else 0.95,
        ),
        noise=_noise(kind, rng),
        timing=_timing(kind, rng),
        level=_level(kind, rng),
        blanks=Blanks(count=3, longest_ms=80.0) if kind == "blanks" else Blanks(),
    )
    if kind == "pitch":
        found = with_pitch(found, int(rng.choice((-4, -2, 2, 5))))
    tried = int(rng.integers(4)) if kind in ("hiss", "hum", "babble") else 0
    asked = after(Asked(observation=found), tried)
    clip = f"{event}-{number // 8}"
    return Example(asked=asked, plan=answer(asked), fault=kind, clip=clip, split=split_of(clip))


@cache
def _captions(event: str, seed: int) -> Captions:
    return scene.captions(event, seed, 5.0)


def _noise(kind: str, rng: np.random.Generator) -> Noise:
    if kind not in ("hiss", "hum", "babble"):
        return Noise(floor_db=float(rng.uniform(-80, -60)), snr_db=float(rng.uniform(25, 50)))
    return Noise(kind=kind, floor_db=-40.0, snr_db=float(rng.uniform(0, 12)))


def _timing(kind: str, rng: np.random.Generator) -> Timing:
    sign = float(rng.choice((-1, 1)))
    if kind == "late":
        return Timing(offset_s=sign * float(rng.uniform(0.2, 1.2)), confidence=0.97, drift=0.001)
    if kind == "drift":
        return Timing(
            offset_s=sign * 0.12, confidence=0.9, drift=sign * float(rng.uniform(0.03, 0.08))
        )
    return Timing(offset_s=float(rng.uniform(-0.02, 0.02)), confidence=0.99, drift=-0.001)


def _level(kind: str, rng: np.random.Generator) -> Level:
    lufs = float(rng.uniform(-35, -23))
    if kind != "loud":
        return Level(lufs=lufs, peak_db=lufs + 15)
    target = round(lufs + float(rng.choice((-1, 1)) * rng.uniform(4, 12)), 1)
    return Level(lufs=lufs, peak_db=lufs + 15, target_lufs=target, reachable_lufs=target)
