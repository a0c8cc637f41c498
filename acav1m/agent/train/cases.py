"""What to plant so that each action is called for as often as any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from acav1m.agent import action as actions
from acav1m.agent import remedies
from acav1m.agent.faults.blanks import Blanks
from acav1m.agent.faults.drift import Drift
from acav1m.agent.faults.gain import Gain
from acav1m.agent.faults.noisy import COLOURS, HEARD_AS, Noisy
from acav1m.agent.faults.offset import Offset
from acav1m.agent.faults.pitch import Pitch

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.agent.faults.fault import Fault

NOTHING = "none"
"""What is called for where nothing is wrong, or nothing is left to try."""

LOUD_DB, FAINT_DB = (0.0, 13.0), (16.0, 20.0)
"""Noise of both kinds that `remedies` know, with room for what is measured to be a little off."""

FAINT_WEIGHT = 0.3
"""Faint noise is often not heard at all."""

BOTH_SHARE = 0.25
"""Of noisy sounds, those that have a second fault."""

EXHAUSTED_SHARE = 0.2
"""Of what needs no action, noise whose filters were all tried."""

INJECTED_SHARE = 0.2
DRIFT_SHARE = 0.3
TARGET_SHARE = 0.5
"""Of sounds at their right loudness, those that a loudness is asked of."""


class Case(NamedTuple):
    """What is planted in a clip, and what was tried before; plain enough for JSON."""

    wanted: str
    """The action that this is for, or `none`."""
    faults: list[dict[str, Any]]
    """In the order that they are planted."""
    tried: int
    """How many of the filters were tried without gain."""
    target: bool
    """Whether a loudness is asked for."""
    injected: bool
    seed: int


def wanted() -> list[str]:
    """All actions, and none."""
    return [*actions.names(), NOTHING]


def drawn(action: str, rng: Generator) -> Case:
    """Faults that call for an action."""
    faults, tried = _faults(action, rng)
    gains = any(isinstance(one, Gain) for one in faults)
    return Case(
        wanted=action,
        faults=[one.model_dump() for one in faults],
        tried=tried,
        target=gains or bool(rng.random() < TARGET_SHARE),
        injected=bool(rng.random() < INJECTED_SHARE),
        seed=int(rng.integers(2**31)),
    )


def _faults(action: str, rng: Generator) -> tuple[list[Fault], int]:
    if action == NOTHING and rng.random() > EXHAUSTED_SHARE:
        return [], 0
    if action != NOTHING and actions.load(action).kind == "coordination":
        return [_coordination(action, rng)], 0
    noise, tried = _noise(action, rng)
    if action == NOTHING or rng.random() > BOTH_SHARE:
        return [noise], tried
    second = _coordination(str(rng.choice(("speed", "volume", "fill_blanks"))), rng)
    early = isinstance(second, Offset | Drift)  # what moves sound is planted in the clean one
    return ([second, noise] if early else [noise, second]), tried


def _noise(action: str, rng: Generator) -> tuple[Noisy, int]:
    """Noise against which an action is next, and how many were tried before."""
    ways, weights = [], []
    for colour in COLOURS:
        for span, weight in ((LOUD_DB, 1.0), (FAINT_DB, FAINT_WEIGHT)):
            names = [one.name() for one in remedies.filters(HEARD_AS[colour], span[0])] + [NOTHING]
            if action in names:
                rank = names.index(action)
                ways.append((colour, span, rank))
                weights.append(weight / (1 + rank))
    drawn = int(rng.choice(len(ways), p=np.array(weights) / sum(weights)))
    colour, span, rank = ways[drawn]
    return Noisy(kind=colour, snr_db=round(float(rng.uniform(*span)), 1)), rank


def _coordination(action: str, rng: Generator) -> Fault:
    side = int(rng.choice((-1, 1)))
    if action == "fill_blanks":
        return Blanks(blank_ms=round(float(rng.uniform(5, 300))), count=int(rng.integers(2, 7)))
    if action == "volume":
        return Gain(gain_db=round(side * float(rng.uniform(4, 14)), 1))
    if action == "pitch":
        return Pitch(semitones=side * int(rng.integers(1, 8)))
    if rng.random() < DRIFT_SHARE:
        return Drift(speed=round(1 + side * float(rng.uniform(0.025, 0.08)), 3))
    return Offset(offset_s=round(side * float(rng.uniform(0.2, 1.2)), 2))
