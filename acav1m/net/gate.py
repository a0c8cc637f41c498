"""Let requests to a host through: so many at a time, so many a second, and none once refused.

All worker processes of a build on one machine share a folder in which each host has a record.
A host that complains (429) is asked half as often, and a little more often with each success. When
the last candidates were all refused in a way that means us, all wait; then one probe decides, and
if it fails too, everyone gets `Blocked`: a build that is refused must not write off its list.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acav1m.errors import AcavError
from acav1m.net.book import Book
from acav1m.net.host import Pace
from acav1m.net.limits import STEP_S, wait
from acav1m.net.outcome import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

POLL_S = 0.02
"""Between looks at a place that another process has."""

PROBE_POLL_S = 0.25
OPEN_PLACES = 256
NAMES = "_names"
"""The record of looking up hosts' names, in which the candidates are hosts."""


class Blocked(AcavError):
    """It is us who are refused: the build stops, and nothing failed for good."""


class Gate:
    """What every request passes.

    Raises:
        AcavError: The folder cannot be made.
    """

    def __init__(
        self,
        folder: Path,
        pace: Pace | None = None,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AcavError(f"{folder}: {error.strerror}") from error
        self.folder = folder
        self.pace = pace or Pace()
        self._clock = clock
        self._sleep = sleep
        self._places: OrderedDict[str, _Place] = OrderedDict()
        self._lock = threading.Lock()

    def reopen(self) -> None:
        """Call once as a build begins: hosts that stopped the last one are tried again, once."""
        for path in self.folder.glob("*.json"):
            book = Book(self.folder, path.name.removesuffix(".json"))
            with book.open() as host:
                host.reopen()
            book.close()

    @contextmanager
    def visit(
        self, name: str, key: str, alive: Callable[[], None] = lambda: None
    ) -> Iterator[None]:
        """Ask a host inside; what comes of it, a failure or none, is remembered.

        Raises:
            Blocked: The stop rule holds, or this was the probe that decided it.
        """
        with ExitStack() as stack:
            place = stack.enter_context(self._at(name))
            stack.enter_context(place.threads)
            while not _hold(place.book.slot(self.pace.slots), stack):
                wait(POLL_S, self._sleep, alive)
            turn = self._turn(place.book, alive, stack)
            lookup = self._turn(self._names(), alive, stack) if self._looking() else None
            try:
                yield
            except FetchError as error:
                self._remember(turn, key, error)
                self._remember_lookup(lookup, name, error)
                raise
            self._remember(turn, key, None)
            self._remember_lookup(lookup, name, None)

    def close(self) -> None:
        """Leave the records to others."""
        with self._lock:
            for place in self._places.values():
                place.book.close()
            self._places.clear()

    def _turn(self, book: Book, alive: Callable[[], None], stack: ExitStack) -> _Turn:
        """Wait until a request may go."""
        while True:
            with book.open() as host:
                if host.stopped is not None:
                    raise Blocked(host.stopped)
                now_s = self._clock()
                wait_s = host.may_ask_s(self.pace) - now_s
                if wait_s <= 0:
                    probe = host.resume_s is not None
                    if not probe or _hold(book.take("probe"), stack):
                        host.ask(now_s, self.pace)
                        return _Turn(book, now_s, probe)
                    wait_s = PROBE_POLL_S
            wait(min(wait_s, STEP_S), self._sleep, alive)

    def _remember(self, turn: _Turn, key: str, error: FetchError | None) -> None:
        """Put down what came of a request.

        Raises:
            Blocked: It was the probe, and was refused.
        """
        with turn.book.open() as host:
            now_s = self._clock()
            if error is not None:
                host.complained(turn.asked_s, now_s, error, self.pace)
            if error is None or not error.us:
                host.good(self.pace)
                return
            host.suspect(key, error.kind, now_s, self.pace)
            why = host.stop(turn.book.name, error, self.pace) if turn.probe else None
        if why is not None:
            raise Blocked(why) from error

    def _remember_lookup(self, turn: _Turn | None, name: str, error: FetchError | None) -> None:
        """The same for looking up a name; whatever came after that, the name was found."""
        failed = error if error is not None and error.kind == "dns" and error.us else None
        if turn is not None or failed is not None:
            turn = turn or _Turn(self._names(), self._clock(), probe=False)
            self._remember(turn, name, failed)

    def _looking(self) -> bool:
        """Whether looking up a name ever failed here."""
        return (self.folder / f"{NAMES}.json").exists()

    def _names(self) -> Book:
        with self._at(NAMES) as place:
            return place.book

    @contextmanager
    def _at(self, name: str) -> Iterator[_Place]:
        """The place of a host, which is not closed while it is used."""
        with self._lock:
            place = self._places.get(name)
            if place is None:
                slots = threading.Semaphore(self.pace.slots)
                place = self._places[name] = _Place(Book(self.folder, name), slots)
            place.users += 1
            self._places.move_to_end(name)
            self._close_unused()
        try:
            yield place
        finally:
            with self._lock:
                place.users -= 1

    def _close_unused(self) -> None:
        for name in list(self._places)[: max(0, len(self._places) - OPEN_PLACES)]:
            if not self._places[name].users and name != NAMES:
                self._places.pop(name).book.close()


@dataclass
class _Place:
    """A host's record and, for the threads of this process, its places."""

    book: Book
    threads: threading.Semaphore
    users: int = 0


@dataclass(frozen=True)
class _Turn:
    """Leave to ask once."""

    book: Book
    asked_s: float
    probe: bool


def _hold(file: int | None, stack: ExitStack) -> bool:
    """Keep what was taken until the visit is over; whether anything was."""
    if file is not None:
        stack.callback(os.close, file)
    return file is not None
