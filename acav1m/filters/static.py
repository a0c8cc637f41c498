"""Drop clips in which hardly anything moves."""

from __future__ import annotations

from pydantic import Field

from acav1m.steps import Filter


class Static(Filter):
    """Keep a clip whose `motion` is at least `min_motion`.

    Slide shows and album covers stay below 0.001; a talking head from a fixed camera has 0.004.

    >>> Static().keeps(motion=0.0002)
    False
    """

    min_motion: float = Field(default=0.001, ge=0, le=1)

    def keep(self) -> str:
        return f"motion >= {self.min_motion}"
