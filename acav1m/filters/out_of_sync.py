"""Drop clips whose sound is seen to come early or late."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from acav1m.steps import Filter


class OutOfSync(Filter):
    """Keep a clip unless its sound is proved to come over `max_offset_s` early or late.

    An offset counts as proof from `min_confidence` on, the probability that it is right within
    0.1 s. Drift is a fault of its own: sound that moves by more than `max_drift_s` from the
    clip's beginning to its end cannot be right in both places. Foreign sound seems to drift as
    well, so a drift is proved only if what is heard is seen to happen: `visible_event_score` is
    `min_visible_score` or more. Most clips prove nothing, because a still speaker or steady rain
    holds no event to go by; they are kept, unless `unproved` is `drop`.

    >>> row = {"sync_drift": None, "duration_s": 10.0, "visible_event_score": 0.9}
    >>> OutOfSync().keeps(**row, sync_offset_s=0.5, sync_confidence=0.9)
    False
    >>> OutOfSync().keeps(**row, sync_offset_s=0.5, sync_confidence=0.3)
    True
    >>> OutOfSync().keeps(**row | {"sync_drift": 0.05}, sync_offset_s=0.1, sync_confidence=0.9)
    False
    """

    max_offset_s: float = Field(default=0.2, ge=0)
    min_confidence: float = Field(default=0.8, ge=0, le=1)
    max_drift_s: float = Field(default=0.3, ge=0)
    min_visible_score: float = Field(default=0.5, ge=0, le=1)
    unproved: Literal["keep", "drop"] = "keep"

    def keep(self) -> str:
        proved = f"coalesce(sync_confidence >= {self.min_confidence}, false)"
        in_step = f"abs(sync_offset_s) <= {self.max_offset_s}"
        seen = f"coalesce(visible_event_score >= {self.min_visible_score}, false)"
        within = f"coalesce(abs(sync_drift) * duration_s <= {self.max_drift_s}, true)"
        steady = f"(NOT {seen} OR {within})"
        if self.unproved == "drop":
            return f"{proved} AND {in_step} AND {steady}"
        return f"(NOT {proved} OR {in_step}) AND {steady}"
