"""Keep no more than so many clips of each kind."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from acav1m.selectors._order import preferred
from acav1m.sql import identifier
from acav1m.steps import Selector


class Balance(Selector):
    """Choose at most `clips` clips for each value of the column named by `column`.

    Clips without a value count as one kind. Preferred are those with the highest value in the
    column named by `best`; without it, a random choice that depends on `seed` and the ids alone.
    """

    example: ClassVar[dict[str, Any]] = {"column": "source", "clips": 100}

    column: str
    clips: int = Field(ge=1)
    best: str | None = None
    seed: int = 0

    def keep(self) -> str:
        each = f"PARTITION BY {identifier(self.column)}"
        order = preferred(self.best, self.seed)
        return f"row_number() OVER ({each} ORDER BY {order}) <= {self.clips}"
