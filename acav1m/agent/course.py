"""Where the original's sound is heard once it was moved or stretched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from acav1m.agent.actions.speed import Speed

if TYPE_CHECKING:
    from acav1m.agent.transform import Transform


@dataclass(frozen=True)
class Course:
    """What is heard at a time t was at `start_s` + `factor` * t of the original.

    Only from `begins_s` to `ends_s` is there any of it; all times are in seconds.

    >>> from acav1m.agent.transform import Transform
    >>> late = Course.of(Transform.of(Speed(start_s=0.5)), seconds=5)
    >>> late.heard_s(2), late.ends_s, round(late.missing_share(5), 3)
    (1.5, 4.5, 0.1)
    """

    start_s: float
    factor: float
    begins_s: float
    ends_s: float

    @classmethod
    def of(cls, transform: Transform, seconds: float) -> Self:
        """The course of a clip that lasts so many seconds."""
        course = cls(0.0, 1.0, 0.0, seconds)
        for edit in transform.edits:
            if isinstance(act := edit.act(), Speed):
                course = course._played(act.start_s, act.factor, seconds)
        return course

    def _played(self, start_s: float, factor: float, seconds: float) -> Self:
        begins_s, ends_s = ((at - start_s) / factor for at in (self.begins_s, self.ends_s))
        begins_s = min(max(0.0, begins_s), seconds)
        return type(self)(
            self.start_s + self.factor * start_s,
            self.factor * factor,
            begins_s,
            max(begins_s, min(seconds, ends_s)),
        )

    def heard_s(self, original_s: float) -> float:
        """When a moment of the original is heard, be it within the clip or not."""
        return (original_s - self.start_s) / self.factor

    def was_s(self, heard_s: float) -> float:
        """The moment of the original that is heard at a time."""
        return self.start_s + self.factor * heard_s

    def missing_share(self, seconds: float) -> float:
        """How much of the clip has nothing of the original, from 0 to 1."""
        return 1 - (self.ends_s - self.begins_s) / seconds if seconds else 0.0

    def dropped_share(self, seconds: float) -> float:
        """How much of the original is heard no more, from 0 to 1."""
        return 1 - self.factor * (self.ends_s - self.begins_s) / seconds if seconds else 0.0
