"""Drop clips that show pictures instead of a film."""

from __future__ import annotations

from pydantic import Field

from acav1m.steps import Filter


class StaticPicture(Filter):
    """Keep a clip unless it shows a cover or a slide show: nothing moves, cuts between aside.

    A clip whose `motion` is under `min_motion` is one: covers stay below 0.001, a talking head
    from a fixed camera has 0.002 and more. A slide show has motion at its cuts, so one whose
    picture stands still for more than `max_frozen_share` of the time goes too.

    >>> StaticPicture().keeps(motion=0.0002, frozen_share=0.0)
    False
    >>> StaticPicture().keeps(motion=0.01, frozen_share=0.95)
    False
    >>> StaticPicture().keeps(motion=0.003, frozen_share=0.2)
    True
    """

    min_motion: float = Field(default=0.001, ge=0, le=1)
    max_frozen_share: float = Field(default=0.7, ge=0, le=1)

    def keep(self) -> str:
        return f"motion >= {self.min_motion} AND frozen_share <= {self.max_frozen_share}"
