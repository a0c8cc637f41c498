"""Drop clips whose picture mostly stands still."""

from __future__ import annotations

from pydantic import Field

from acav1m.steps import Filter


class Frozen(Filter):
    """Keep a clip if its picture is frozen for at most `max_share` of the time.

    >>> Frozen().keeps(frozen_share=0.1)
    True
    """

    max_share: float = Field(default=0.5, ge=0, le=1)

    def keep(self) -> str:
        return f"frozen_share <= {self.max_share}"
