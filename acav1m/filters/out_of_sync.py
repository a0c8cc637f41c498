"""Drop clips whose sound is seen to come early or late."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from acav1m.steps import Filter


class OutOfSync(Filter):
    """Keep a clip unless onsets and motion prove it out of step by over `max_offset_s`.

    An offset counts as proof from `min_confidence` on, and even then misses the truth by up to
    0.2 s. Most clips prove nothing, because a still speaker or steady rain holds no event to go
    by; they are kept, unless `unproved` is `drop`.

    >>> OutOfSync().keeps(sync_offset_s=0.5, sync_confidence=0.6)
    False
    >>> OutOfSync().keeps(sync_offset_s=0.5, sync_confidence=0.05)
    True
    >>> OutOfSync(unproved="drop").keeps(sync_offset_s=None, sync_confidence=None)
    False
    """

    max_offset_s: float = Field(default=0.25, ge=0)
    min_confidence: float = Field(default=0.2, ge=0, le=1)
    unproved: Literal["keep", "drop"] = "keep"

    def keep(self) -> str:
        proved = f"coalesce(sync_confidence >= {self.min_confidence}, false)"
        in_step = f"abs(sync_offset_s) <= {self.max_offset_s}"
        if self.unproved == "drop":
            return f"{proved} AND {in_step}"
        return f"NOT {proved} OR {in_step}"
