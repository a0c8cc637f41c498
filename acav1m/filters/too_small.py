"""Drop clips whose picture is too small."""

from __future__ import annotations

from pydantic import Field

from acav1m.steps import Filter


class TooSmall(Filter):
    """Keep a clip whose picture, as released, has at least `min_px` on its shorter side.

    >>> TooSmall().keeps(width_px=176, height_px=144)
    True
    >>> TooSmall(min_px=240).keeps(width_px=640, height_px=180)
    False
    """

    min_px: int = Field(default=144, ge=1)

    def keep(self) -> str:
        return f"width_px >= {self.min_px} AND height_px >= {self.min_px}"
