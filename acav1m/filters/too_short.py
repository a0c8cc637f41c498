"""Drop clips that are too short."""

from __future__ import annotations

from pydantic import Field

from acav1m.steps import Filter


class TooShort(Filter):
    """Keep a clip of at least `min_s` seconds.

    >>> TooShort(min_s=3).keeps(duration_s=2.9)
    False
    """

    min_s: float = Field(default=2.0, ge=0)

    def keep(self) -> str:
        return f"duration_s >= {self.min_s}"
