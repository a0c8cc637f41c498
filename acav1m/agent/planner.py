"""What a planner must do, and where planners are found: the folder is the registry."""

from __future__ import annotations

import importlib
import inspect
from abc import abstractmethod
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict

from acav1m import registry
from acav1m.agent.observation import Observation
from acav1m.agent.scores import Scores
from acav1m.agent.transform import Transform
from acav1m.errors import AcavError, did_you_mean

if TYPE_CHECKING:
    from acav1m.agent.plan import Plan


class Tried(BaseModel):
    """One attempt of this clip's history, as planners are told of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    transform: Transform
    """From the original to the sound that was tried."""
    scores: Scores | None
    """Null where the sound was refused before it was scored."""
    accepted: bool
    outcome: str
    """What came of it, in one sentence."""


class Asked(BaseModel):
    """A question to a planner: what to do next to the sound that `observation` tells of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    observation: Observation
    made_by: Transform = Transform()
    """What was done to the original so far; empty while it is as it came."""
    history: tuple[Tried, ...] = ()


class Message(NamedTuple):
    """A turn of the dialogue with a planner."""

    role: str
    content: str


@dataclass(frozen=True)
class Answer:
    """What a planner says: a plan, or the cause why there is none."""

    plan: Plan | None
    cause: str | None = None
    """Why there is no plan although one was asked for: a dead server, no valid JSON ..."""
    dialogue: tuple[Message, ...] = ()
    """What was said, both ways; empty where nothing is said in words."""


class Planner(BaseModel):
    """Decides what is done to a sound. Its fields are its options."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: ClassVar[int] = 1
    """Goes up when the same question gets another answer; part of the cache key."""

    packages: ClassVar[tuple[str, ...]] = ()
    """What it needs beside this package; a release's lock names the versions."""

    @classmethod
    def help(cls) -> str:
        """First sentence of the docstring."""
        return (inspect.getdoc(cls) or "").partition("\n")[0]

    @classmethod
    def name(cls) -> str:
        """What recipes and records call it: the name of its file."""
        return cls.__module__.rpartition(".")[2]

    def identity(self) -> dict[str, Any]:
        """Everything that decides its answers."""
        return {
            "name": self.name(),
            "version": self.version,
            "options": self.model_dump(mode="json"),
        }

    def setup(self) -> None:
        """Load what is needed once per worker (a model, say).

        Raises:
            AcavError: It cannot be had: a package or a model is missing.
        """

    @abstractmethod
    def plan(self, asked: Asked) -> Answer:
        """Say what is to be done; never raises for what a model or a server does wrong."""
        ...


def names() -> list[str]:
    """Names of the planners, sorted: the files in `acav1m/agent/planners`."""
    return registry.names(importlib.import_module("acav1m.agent.planners"))


@cache
def load(name: str) -> type[Planner]:
    """Import the planner of that name.

    Raises:
        AcavError: There is no such planner.
    """
    if name not in names():
        raise AcavError(f"no planner {name!r}{did_you_mean(name, names())}")
    module = importlib.import_module(f"acav1m.agent.planners.{name}")
    return registry.only(module, Planner)  # type: ignore[type-abstract]  # what it finds is not
