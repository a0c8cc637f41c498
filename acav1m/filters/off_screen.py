"""Drop clips in which things are heard that are not seen to happen."""

from __future__ import annotations

from pydantic import Field

from acav1m.steps import Filter


class OffScreen(Filter):
    """Keep a clip unless what is heard happens out of sight: `visible_event_score` < `min_score`.

    A radio that talks is such a sound, however well a radio in the picture goes with it, and so
    is a narrator. Late sound is not, for the score counts an event as seen at whatever lag; that
    is `out_of_sync`. A clip without score (nothing moves, or no single sound stands out) shows
    nothing either way and is kept.

    >>> OffScreen().keeps(visible_event_score=0.1)
    False
    >>> OffScreen().keeps(visible_event_score=None)
    True
    """

    min_score: float = Field(default=0.5, ge=0, le=1)

    def keep(self) -> str:
        return f"coalesce(visible_event_score >= {self.min_score}, true)"
