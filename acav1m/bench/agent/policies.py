"""Who acts on a damaged clip: nobody, a planner, and chance with and without acceptance."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from acav1m.agent.loop import repair
from acav1m.agent.observation import Observation
from acav1m.agent.planner import Asked
from acav1m.agent.planners.random import Random
from acav1m.agent.transform import Transform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from acav1m.agent.attempt import Story
    from acav1m.agent.planner import Planner
    from acav1m.agent.settings import Settings
    from acav1m.clip import Clip
    from acav1m.steps import Value

    Look = Callable[[Clip], Mapping[str, Value]]

NONE, PLANNER, RANDOM, ACCEPTED = "none", "planner", "random", "random_accepted"
POLICIES = (NONE, PLANNER, RANDOM, ACCEPTED)
CONTROLS = (RANDOM, ACCEPTED)
"""What a planner has to beat."""


class Acted(NamedTuple):
    """What a policy did: what makes the new sound of the one it was given, and how it came so."""

    transform: Transform
    story: Story | None
    """None where there is no loop."""
    cpu_s: float


class Policies:
    """All policies; those with a loop have the same one, and as many cycles."""

    def __init__(self, planner: Planner, settings: Settings) -> None:
        self._planner, self._settings = planner, settings

    def act(
        self, policy: str, clip: Clip, look: Look, seed: int, alive: Callable[[], None]
    ) -> Acted:
        """Let one of them act; `seed` is what chance draws from."""
        if policy == NONE:
            return Acted(Transform(), None, 0.0)
        if policy == RANDOM:
            return Acted(_drawn(clip, seed), None, 0.0)
        planner = self._planner if policy == PLANNER else Random(seed=seed)
        before = time.process_time()
        story = repair(clip, planner, look, self._settings, alive=alive)
        return Acted(story.transform, story, time.process_time() - before)


def _drawn(clip: Clip, seed: int) -> Transform:
    """One random action, taken whatever comes of it (AVAgent, Table 5)."""
    seconds = len(clip.audio()) / 16_000
    plan = Random(seed=seed).plan(Asked(observation=Observation(duration_s=seconds))).plan
    return Transform.of(*plan.acts()) if plan else Transform()
