"""Drop clips whose sound was overdriven."""

from __future__ import annotations

from pydantic import Field

from acav1m.steps import Filter


class Clipped(Filter):
    """Keep a clip if at most `max_share` of its samples lie on flattened tops.

    Clean recordings stay below 0.005; a phone that somebody shouts into does not.

    >>> Clipped().keeps(clipped_share=0.0003)
    True
    >>> Clipped(max_share=0.01).keeps(clipped_share=0.2)
    False
    """

    max_share: float = Field(default=0.01, ge=0, le=1)

    def keep(self) -> str:
        return f"clipped_share <= {self.max_share}"
