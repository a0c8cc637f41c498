"""Drop clips that are mostly black."""

from __future__ import annotations

from pydantic import Field

from acav1m.steps import Filter


class Black(Filter):
    """Keep a clip if its picture is black for at most `max_share` of the time.

    >>> Black().keeps(black_share=0.9)
    False
    """

    max_share: float = Field(default=0.5, ge=0, le=1)

    def keep(self) -> str:
        return f"black_share <= {self.max_share}"
