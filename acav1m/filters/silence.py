"""Drop clips that are mostly silent."""

from __future__ import annotations

from pydantic import Field

from acav1m.steps import Filter


class Silence(Filter):
    """Keep a clip if at most `max_share` of it is silent.

    >>> Silence(max_share=0.5).keeps(silent_share=0.2)
    True
    >>> Silence().keeps(silent_share=None)  # not measured: not kept
    False
    """

    max_share: float = Field(default=0.5, ge=0, le=1)

    def keep(self) -> str:
        return f"silent_share <= {self.max_share}"
