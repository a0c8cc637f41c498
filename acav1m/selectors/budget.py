"""Keep no more than is wanted in all."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field, model_validator

from acav1m.selectors._order import preferred
from acav1m.steps import Selector


class Budget(Selector):
    """Choose at most so many `clips`, or `hours`, or both, of those that passed.

    Preferred are those with the highest value in the column named by `best`; without it, a
    random choice that depends on `seed` and the clip ids alone, so that a larger budget with
    the same seed holds all of the smaller.
    """

    example: ClassVar[dict[str, Any]] = {"clips": 1000}

    clips: int | None = Field(default=None, ge=1)
    hours: float | None = Field(default=None, gt=0)
    best: str | None = None
    seed: int = 0

    @model_validator(mode="after")
    def _has_a_limit(self) -> Budget:
        if self.clips is None and self.hours is None:
            raise ValueError("say how much: clips, hours or both")
        return self

    def keep(self) -> str:
        order = preferred(self.best, self.seed)
        limits = []
        if self.clips is not None:
            limits.append(f"row_number() OVER (ORDER BY {order}) <= {self.clips}")
        if self.hours is not None:
            so_far = f"(ORDER BY {order} ROWS UNBOUNDED PRECEDING)"
            # whole milliseconds add up the same in any order, seconds do not
            length_ms = "CAST(round(duration_s * 1000) AS BIGINT)"
            limits.append(f"sum({length_ms}) OVER {so_far} <= {round(self.hours * 3_600_000)}")
        return " AND ".join(limits)
