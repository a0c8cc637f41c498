"""How long, how large, how slow a download may be, and waiting in small steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

STEP_S = 1.0
"""A wait is cut into steps this long, with a sign of life after each."""


@dataclass(frozen=True)
class Limits:
    """What one download may take; beyond it, the download fails."""

    max_bytes: int = 4 * 1024**3
    max_s: float = 3600.0
    """For one request, from its start to the last byte."""

    connect_s: float = 15.0
    answer_s: float = 60.0
    """From the request to the end of the answer's headers."""

    idle_s: float = 30.0
    """Without any byte."""

    slowest_bytes_per_s: float = 2000.0
    """On average over `slow_s`; who drips bytes would otherwise hold a place for ever."""

    slow_s: float = 30.0
    redirects: int = 10
    inflation: int = 100
    """Times its size to which a compressed body may inflate; media hardly does at all."""

    tries: int = 6
    """At most, of whatever kind the failure is."""

    back_off_s: float = 1.0
    """Before the second try; doubled for each further one, with jitter."""

    back_off_cap_s: float = 60.0

    @classmethod
    def of(cls, max_bytes: int, max_s: float, idle_s: float, tries: int) -> Limits:
        """All limits on what is slow, from the one on silence."""
        return cls(
            max_bytes,
            max_s,
            connect_s=idle_s / 2,
            answer_s=idle_s * 2,
            idle_s=idle_s,
            slow_s=idle_s,
            tries=tries,
        )


def wait(seconds: float, sleep: Callable[[float], None], alive: Callable[[], None]) -> None:
    """Sleep, and give signs of life."""
    alive()
    while seconds > 0:
        step_s = min(seconds, STEP_S)
        sleep(step_s)
        seconds -= step_s
        alive()
