"""How fast whole videos and stretches of them came of late, of each host.

Some sites hand out stretches hardly faster than they play. Where that is so, the whole of a video
may be there sooner than a few seconds of it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

KEPT = 0.7
"""Of the speed known so far, when another video came; the rest is that one's."""

HOSTS = 1000
SHORTEST_S = 0.05
"""What came sooner is counted as if it took so long."""


class Speeds:
    """Of one process; any thread may add to it. Speeds are seconds of media a second."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, bool], float] = OrderedDict()
        self._lock = threading.Lock()

    def came(self, host: str, media_s: float, took_s: float, *, whole: bool) -> None:
        """A whole video came, or a stretch."""
        speed, which = media_s / max(took_s, SHORTEST_S), (host, whole)
        with self._lock:
            known = self._known.get(which, speed)
            self._known[which] = KEPT * known + (1 - KEPT) * speed
            self._known.move_to_end(which)
            while len(self._known) > 2 * HOSTS:
                self._known.popitem(last=False)

    def of(self, host: str, *, whole: bool) -> float | None:
        """The speed, None where nothing came yet."""
        with self._lock:
            return self._known.get((host, whole))
