"""What the agent did with a clip: every attempt, and what came of it all."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from acav1m.agent.observation import Observation
from acav1m.agent.plan import Plan
from acav1m.agent.planner import Message
from acav1m.agent.scores import Scores
from acav1m.agent.transform import Transform

Result = Literal["not_needed", "edited", "no_action", "not_better"]
"""Of a clip: above all thresholds; edited; no plan in the first cycle; no attempt was taken."""


class Attempt(BaseModel):
    """One cycle: plan, action, reflection."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cycle: int
    """From 1 on."""
    planner: str
    base: Transform
    """What the plan was applied to; empty for the original."""
    plan: Plan | None
    cause: str | None
    """Why there is no plan although one was asked for."""
    transform: Transform | None
    """From the original to the sound that was tried; null without a plan."""
    before: Scores
    """Of the best sound so far."""
    after: Scores | None
    """Of the sound that was tried; null where it was refused before it was scored."""
    accepted: bool
    outcome: str
    """What came of it, in one sentence."""
    observation: Observation
    """What the planner was told of the base."""
    dialogue: tuple[Message, ...] = ()
    seconds: float
    """Wall-clock time of this cycle."""


class Story(BaseModel):
    """The clip's whole story; `transform` is empty where the original is kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    result: Result
    reason: str
    """In one sentence, the true one."""
    transform: Transform = Transform()
    before: Scores
    after: Scores
    """Of the sound that is kept; the same as `before` where nothing was taken."""
    observation: Observation
    """Of the original."""
    attempts: tuple[Attempt, ...] = ()
