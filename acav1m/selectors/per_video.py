"""Keep only a few clips of each video."""

from __future__ import annotations

from pydantic import Field

from acav1m.selectors._order import preferred
from acav1m.steps import Selector


class PerVideo(Selector):
    """Choose at most `clips` clips of each source video.

    Preferred are those with the highest value in the column named by `best`; without it, a
    random choice that depends on `seed` and the clip ids alone.
    """

    clips: int = Field(default=3, ge=1)
    best: str | None = None
    seed: int = 0

    def keep(self) -> str:
        order = preferred(self.best, self.seed)
        return f"row_number() OVER (PARTITION BY video_id ORDER BY {order}) <= {self.clips}"
