"""What the filters of the three alignment levels share."""

from __future__ import annotations

from typing import ClassVar

from acav1m.steps import Filter


class _Score(Filter):
    score: ClassVar[str]

    min_score: float = 0.5
    raw: bool = False

    def keep(self) -> str:
        column = f"{self.score}_raw" if self.raw else self.score
        return f"{column} >= {self.min_score}"
