"""Labels per second of a clip."""

from __future__ import annotations

import math
from collections.abc import Callable

TOO_MUCH_S = 0.5
"""A second is lost when this much of it is damaged."""


def every(seconds: float, *, together: bool) -> tuple[bool, ...]:
    """Give each begun second the same label.

    >>> every(2.5, together=True)
    (True, True, True)
    """
    return (together,) * math.ceil(seconds - 1e-6)


def outside(seconds: float, start_s: float, end_s: float) -> tuple[bool, ...]:
    """Give False to seconds of which half or more (of what there is) lies in the span.

    >>> outside(4.0, 1.2, 3.4)
    (True, False, False, True)
    """

    def spared(second: int) -> bool:
        length_s = min(second + 1, seconds) - second
        lost_s = min(second + length_s, end_s) - max(second, start_s)
        return lost_s < TOO_MUCH_S * length_s

    return _each(seconds, spared)


def while_within(
    seconds: float, offset_at: Callable[[float], float], limit_s: float
) -> tuple[bool, ...]:
    """Give True to seconds whose middle is at most `limit_s` out of step."""
    return _each(seconds, lambda second: abs(offset_at(min(second + 0.5, seconds))) <= limit_s)


def _each(seconds: float, together: Callable[[int], bool]) -> tuple[bool, ...]:
    return tuple(together(second) for second in range(math.ceil(seconds - 1e-6)))
