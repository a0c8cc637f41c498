"""Drop clips that are too quiet."""

from __future__ import annotations

from pydantic import Field

from acav1m.steps import Filter


class Quiet(Filter):
    """Keep a clip at or above `min_lufs` (EBU R 128, integrated); silence has none and goes.

    >>> Quiet(min_lufs=-45).keeps(lufs=-50)
    False
    >>> Quiet().keeps(lufs=None)
    False
    """

    min_lufs: float = Field(default=-45.0, ge=-70, le=0)

    def keep(self) -> str:
        return f"lufs >= {self.min_lufs}"
