"""Drop clips whose sound was laid over."""

from __future__ import annotations

from pydantic import Field

from acav1m.steps import Filter


class Dubbed(Filter):
    """Keep a clip unless its sound neither means nor follows what is seen: music or voice over.

    Both scores must be low: `instance_score` under `min_instance_score` (the sound is of
    something else) and `visible_event_score` under `min_visible_score` (what is heard is not
    seen to happen). A radio that talks in the picture passes here and is `off_screen`; a clip
    that lacks either score proves nothing and is kept.

    >>> Dubbed().keeps(instance_score=0.1, visible_event_score=0.1)
    False
    >>> Dubbed().keeps(instance_score=0.9, visible_event_score=0.1)
    True
    """

    min_instance_score: float = Field(default=0.5, ge=0, le=1)
    min_visible_score: float = Field(default=0.5, ge=0, le=1)

    def keep(self) -> str:
        means = f"coalesce(instance_score >= {self.min_instance_score}, true)"
        follows = f"coalesce(visible_event_score >= {self.min_visible_score}, true)"
        return f"{means} OR {follows}"
