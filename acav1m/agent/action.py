"""What an edit of sound must do, and where the eight of them are found.

An action is a frozen pydantic model, as a step is: its fields are its parameters, with units in
their names and ranges, and a misspelt one is refused. The folder is the registry.
"""

from __future__ import annotations

import importlib
import inspect
from abc import abstractmethod
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from acav1m import registry
from acav1m.errors import AcavError, ClipError, did_you_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

Kind = Literal["noise", "coordination"]
"""What an action is for: taking noise away, or fitting the sound to the picture."""

FULL_SCALE = 1.0

EXTRA = ("pywt", "python_stretch")
"""Packages that only some actions need."""


class Action(BaseModel):
    """One edit of sound: the same samples and parameters give the same bits."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    version: ClassVar[int] = 1
    """Goes up when the same parameters give other sound; part of every record of an edit."""

    kind: ClassVar[Kind]

    @classmethod
    def help(cls) -> str:
        """First sentence of the docstring."""
        return (inspect.getdoc(cls) or "").partition("\n")[0]

    @classmethod
    def name(cls) -> str:
        """What records and planners call it: the name of its file."""
        return cls.__module__.rpartition(".")[2]

    def apply(self, audio: Samples, rate_hz: int) -> Samples:
        """Edit (samples,) or (channels, samples), float in [-1, 1]; the input stays as it is.

        The result is float32 of the same shape, with peaks no higher than full scale, or than
        those of its input where they are. Silence stays silence.

        Raises:
            ClipError: A sample is not a number, or infinite.
            AcavError: A package that this needs is not installed.
        """
        channels = np.atleast_2d(np.asarray(audio, np.float32))
        if not np.isfinite(channels).all():
            raise ClipError("not_finite", "the sound has samples that are no numbers")
        if not channels.any():
            return np.zeros(np.shape(audio), np.float32)
        return _bounded(self._edited(channels, rate_hz), channels).reshape(np.shape(audio))

    def _edited(self, channels: Samples, rate_hz: int) -> Samples:
        try:
            return self.edit(channels, rate_hz)
        except ModuleNotFoundError as error:
            if error.name not in EXTRA:
                raise
            told = f"{self.name()} needs {error.name}: pip install 'acav1m[agent]'"
            raise AcavError(told) from None

    @abstractmethod
    def edit(self, channels: Samples, rate_hz: int) -> Samples:
        """Edit (channels, samples) that are finite and not all zero; keeps their shape."""
        ...


def names() -> list[str]:
    """Names of the actions, sorted: the files in `acav1m/agent/actions`."""
    return registry.names(importlib.import_module("acav1m.agent.actions"))


@cache
def load(name: str) -> type[Action]:
    """Import the action of that name.

    Raises:
        AcavError: There is no such action.
    """
    if name not in names():
        raise AcavError(f"no action {name!r}{did_you_mean(name, names())}")
    module = importlib.import_module(f"acav1m.agent.actions.{name}")
    return registry.only(module, Action)  # type: ignore[type-abstract]  # what it finds is not


def _bounded(edited: Samples, original: Samples) -> Samples:
    """Turn everything down where an edit overshoots: nothing is clipped, nothing moves aside."""
    ceiling = max(FULL_SCALE, float(np.abs(original).max()))
    peak = float(np.abs(edited).max())
    if peak > ceiling:
        edited = edited * np.float32(ceiling / peak)
        np.clip(edited, -ceiling, ceiling, out=edited)  # what rounding may add
    return np.asarray(edited, np.float32)
