"""Drop clips that are cut too fast."""

from __future__ import annotations

from pydantic import Field

from acav1m.steps import Filter


class ManyShots(Filter):
    """Keep a clip with at most `max_changes` shot changes.

    >>> ManyShots(max_changes=1).keeps(shot_changes=2)
    False
    """

    max_changes: int = Field(default=3, ge=0)

    def keep(self) -> str:
        return f"shot_changes <= {self.max_changes}"
