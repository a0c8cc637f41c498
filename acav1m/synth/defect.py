"""What a planted defect must do: choose its strength, do the damage, say what is true then."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from acav1m.synth.stock import RENDERER, Stock

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.event import Captions
    from acav1m.synth.scene import Rendered

Options = Mapping[str, float | str]


class Judge(NamedTuple):
    """The column of a ledger that should tell a defect, and how it looks when it does."""

    column: str
    when_damaged: Literal["low", "high"] = "low"


class Defect(ABC):
    """One kind of damage whose kind and strength are known because we did it."""

    judge: ClassVar[Judge]
    grades: ClassVar[Mapping[str, tuple[Options, ...]]] = {"planted": ({},)}
    """Strengths to measure filters at: what to call each, and the options that give it.

    Some have several, such as early and late; an option left out is drawn.
    """

    def __init__(self, stock: Stock = RENDERER) -> None:
        self.stock = stock

    def strengths(self, event: str) -> Mapping[str, tuple[Options, ...]]:
        """The grades that this stock has for a clip."""
        return self.grades

    @abstractmethod
    def choose(self, rng: Generator, event: str, seconds: float) -> Options:
        """Draw every option: what, where and how strong."""
        ...

    @abstractmethod
    def apply(self, clip: Rendered, rng: Generator, options: Options) -> Rendered:
        """Damage picture or sound; leaves labels and captions to the methods below."""
        ...

    @abstractmethod
    def labels(self, seconds: float, options: Options) -> tuple[bool, ...]:
        """Say for each second whether sound and picture still belong together."""
        ...

    def objection(self, event: str, seconds: float, options: Options) -> str | None:
        """Why this cannot be planted in such a clip; None where it can."""
        return None

    def offset_s(self, options: Options) -> float | None:
        """How late the sound is; None where no single number is true."""
        return 0.0

    def describe(self, true: Captions, options: Options, seconds: float) -> Captions:
        """Turn the captions of the clean clip into true ones of the damaged clip."""
        return true

    def claim(self, true: str, options: Options, seconds: float) -> str:
        """The caption the clip comes with, given the true one."""
        return true
