"""The speed that brings sound into step with its picture, from what was measured of both."""

from __future__ import annotations

from pydantic import ValidationError

from acav1m.agent.actions.speed import Speed

PLACES = 3
"""Decimals of a factor and of seconds: more than anything here can measure."""


def resync(*, drift: float = 0.0, start_s: float = 0.0) -> Speed | None:
    """The speed that undoes a drift, from where the sound lies that belongs to the beginning.

    None where nothing is left to be done, or where it is beyond what `speed` can do.

    >>> resync(drift=0.02, start_s=0.4)
    Speed(factor=1.02, start_s=0.4)
    >>> resync(start_s=0.0001), resync(start_s=7)
    (None, None)
    """
    try:
        found = Speed(factor=round(1 + drift, PLACES), start_s=round(start_s, PLACES))
    except ValidationError:
        return None
    return None if found == Speed() else found


def start_s(offset_s: float, *, drift: float, duration_s: float) -> float:
    """Where sound lies that belongs to the beginning, in seconds.

    The offset is that of the clip's middle: half of the drift lies before it.

    >>> start_s(0.5, drift=0.02, duration_s=10)
    0.4
    """
    return offset_s - drift * duration_s / 2
