"""Drop clips by any rule written in SQL."""

from __future__ import annotations

from typing import Any, ClassVar

from acav1m.steps import Filter


class Where(Filter):
    """Keep a clip for which the SQL expression `keep_if` is true.

    The expression is DuckDB's and may use every column (`acav1m steps` and `columns.yaml` say
    which there are), but no subqueries and nothing whose answer changes from run to run.

    >>> Where(keep_if="motion > 0.01 OR shot_changes = 0").keeps(motion=0.02, shot_changes=4)
    True
    """

    example: ClassVar[dict[str, Any]] = {"keep_if": "motion > 0.01 AND duration_s < 60"}

    keep_if: str

    def keep(self) -> str:
        return self.keep_if
