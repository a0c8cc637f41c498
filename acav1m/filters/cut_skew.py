"""Drop clips that lost step when they were cut."""

from __future__ import annotations

from pydantic import Field

from acav1m.steps import Filter


class CutSkew(Filter):
    """Keep a clip if cutting moved sound against picture by at most `max_skew_s`, either way.

    The default is a little less than what viewers begin to notice (ITU-R BT.1359: 45 ms early).

    >>> CutSkew().keeps(cut_skew_s=-0.01)
    True
    >>> CutSkew().keeps(cut_skew_s=-0.2)
    False
    """

    max_skew_s: float = Field(default=0.04, ge=0)

    def keep(self) -> str:
        return f"abs(cut_skew_s) <= {self.max_skew_s}"
