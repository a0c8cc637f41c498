"""One action drawn at random: the control that every other planner has to beat."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from zlib import crc32

import numpy as np
from pydantic import Field

from acav1m.agent import action as actions
from acav1m.agent.action import Action
from acav1m.agent.plan import Plan
from acav1m.agent.planner import Answer, Asked, Planner

NARROWER: Mapping[tuple[str, str], tuple[float, float]] = {
    ("speed", "factor"): (0.9, 1.1),
    ("speed", "start_s"): (-1.5, 1.5),
    ("pitch", "semitones"): (-6, 6),
    ("volume", "target_lufs"): (-35, -15),
}
"""Where most of what is allowed would ruin any sound, the part that faults call for."""


class Random(Planner):
    """Draws one action and its parameters at random; a control, not meant to mend anything.

    All actions are equally likely (AVAgent, Table 5, compares with random actions and says no
    more of them). Parameters come evenly from their ranges, or from a part of it where nearly
    all else would ruin any sound, so that this is no straw man. The same `seed` and question
    give the same answer.
    """

    seed: int = Field(default=0, ge=0)

    def plan(self, asked: Asked) -> Answer:
        """Draw; what is asked only decides which draw it is."""
        question = crc32(asked.model_dump_json().encode())
        rng = np.random.default_rng([self.seed, question])
        kind = actions.load(str(rng.choice(actions.names())))
        drawn = {name: float(rng.uniform(*span)) for name, span in ranges(kind).items()}
        return Answer(Plan.of("drawn at random", kind(**drawn)))


@cache
def ranges(kind: type[Action]) -> Mapping[str, tuple[float, float]]:
    """What each parameter of an action is drawn from."""
    allowed = kind.model_json_schema()["properties"]
    return {
        name: NARROWER.get((kind.name(), name), (limits["minimum"], limits["maximum"]))
        for name, limits in allowed.items()
    }
