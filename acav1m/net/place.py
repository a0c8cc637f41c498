"""A host as one process sees it: its record, its slots, and how often it was asked of late."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from math import inf
from typing import TYPE_CHECKING

from acav1m.net.book import Book, lock, unlock
from acav1m.net.limits import wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import ExitStack
    from pathlib import Path

POLL_S = 0.02
"""Between looks for a slot, when all are with other processes."""

OBSERVED_S = 10.0
"""How long ago "of late" begins."""


class Place:
    """Threads of this process queue for its slots first, and only then meet other processes."""

    def __init__(self, folder: Path, name: str, slots: int) -> None:
        self.book = Book(folder, name)
        self.users = 0
        self._slots = slots
        self._queue = threading.Semaphore(slots)
        self._free: list[tuple[int, int]] = []
        """Slots that this process has opened and no thread of it holds: number and file."""

        self._opened = 0
        self._lock = threading.Lock()
        self._since_s = -inf
        self._asked = 0

    @contextmanager
    def slot(self, sleep: Callable[[float], None], alive: Callable[[], None]) -> Iterator[None]:
        """Hold a slot inside."""
        with self._queue:
            while (held := self._take()) is None:
                wait(POLL_S, sleep, alive)
            try:
                yield
            finally:
                unlock(held[1])
                with self._lock:
                    self._free.append(held)

    def take_probe(self, stack: ExitStack) -> bool:
        """Become the one who probes, until the stack is left; False if there is one already."""
        file = self.book.open_file("probe")
        if not lock(file):
            os.close(file)
            return False
        stack.callback(os.close, file)
        return True

    def count(self, now_s: float) -> None:
        """One more request."""
        if not 0 <= now_s - self._since_s <= OBSERVED_S:
            self._since_s, self._asked = now_s, 0
        self._asked += 1

    def per_s(self, now_s: float) -> float:
        """Requests a second of late, of this process."""
        return self._asked / max(now_s - self._since_s, 1.0)

    def close(self) -> None:
        """Leave the record to others."""
        for _, file in self._free:
            os.close(file)
        self.book.close()

    def _take(self) -> tuple[int, int] | None:
        """Any slot that no other process holds."""
        with self._lock:
            for index in reversed(range(len(self._free))):
                if lock(self._free[index][1]):
                    return self._free.pop(index)
            while self._opened < self._slots:
                file = self.book.open_file(f"slot{self._opened}")
                self._opened += 1
                if lock(file):
                    return self._opened - 1, file
                self._free.append((self._opened - 1, file))
        return None
