"""Let requests to a host through: so many at a time, so many a second, and none once refused.

All worker processes of a build on one machine share a folder in which each host has a record.
A host that complains (429) is asked half as often, and a little more often with each success. When
the last candidates were all refused in a way that means us, all wait; then a few more are tried one
by one, and if all fail, everyone gets `Blocked`: a build that is refused must not write off its
list.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from math import inf
from typing import TYPE_CHECKING

from acav1m.errors import AcavError
from acav1m.net.book import Book
from acav1m.net.host import Pace
from acav1m.net.limits import STEP_S, wait
from acav1m.net.outcome import FetchError
from acav1m.net.place import Place
from acav1m.net.singled import Singled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from acav1m.net.host import Host

PROBE_POLL_S = 0.25
"""Between looks at whether the probe is back."""

OPEN_PLACES = 256
COMPLAINING = 10_000
"""Candidates answered with 429 that are remembered."""

UNANSWERED = frozenset({"timeout", "reset"})
"""Failures without an answer, which speak neither for us nor against."""

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
        self._lookups_fail = False
        self._looked_s = -inf
        self._singled = Singled(folder)
        self._places: OrderedDict[str, Place] = OrderedDict()
        self._complaining: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def reopen(self) -> None:
        """Call once as a build begins: hosts that stopped the last one are tried again, once."""
        for path in self.folder.glob("*.json"):
            book = Book(self.folder, path.stem, path.stem)
            with book.open() as host:
                host.reopen()
            book.close()
        self._lookups_fail = False

    @contextmanager
    def visit(
        self, name: str, key: str, alive: Callable[[], None] = lambda: None
    ) -> Iterator[None]:
        """Ask a host inside; what comes of it, a failure or none, is remembered.

        Raises:
            Blocked: The stop rule holds, or this was the last probe.
        """
        with self._at(name) as place, place.slot(self._sleep, alive), ExitStack() as stack:
            turn = self._turn(place, alive, stack)
            names = self._names_place()
            lookup = self._turn(names, alive, stack) if names else None
            try:
                yield
            except FetchError as error:
                self._remember(turn, key, error)
                self._remember_lookup(lookup, name, error)
                raise
            self._remember(turn, key, None)
            if lookup is not None:
                self._remember(lookup, name, None)

    def close(self) -> None:
        """Leave the records to others."""
        with self._lock:
            for place in self._places.values():
                place.close()
            self._places.clear()

    def _turn(self, place: Place, alive: Callable[[], None], stack: ExitStack) -> _Turn:
        """Wait until a request may go."""
        while not (place.book.calm and self.pace.rate_per_s is None):
            with place.book.open() as host:
                if host.stopped is not None:
                    raise Blocked(host.stopped)
                now_s = self._clock()
                wait_s = host.may_ask_s(self.pace) - now_s
                if wait_s <= 0:
                    probe = host.resume_s is not None
                    if not probe or place.take_probe(stack):
                        host.ask(now_s, self.pace)
                        place.count(now_s)
                        return _Turn(place, now_s, probe)
                    wait_s = PROBE_POLL_S
            wait(min(wait_s, STEP_S), self._sleep, alive)
        now_s = self._clock()
        place.count(now_s)
        return _Turn(place, now_s, probe=False)

    def _remember(self, turn: _Turn, key: str, error: FetchError | None) -> None:
        """Put down what came of a request.

        Raises:
            Blocked: It was the last probe, and was refused.
        """
        book = turn.place.book
        if error is None and book.calm:
            return
        with book.open() as host:
            now_s = self._clock()
            if error is not None:
                per_s = turn.place.per_s(now_s)
                again = self._has_complained(key, error)
                host.complained(turn.asked_s, now_s, per_s, error, self.pace, again=again)
            why = self._judge(host, turn, key, error)
        if why is not None:
            raise Blocked(why) from error

    def _judge(self, host: Host, turn: _Turn, key: str, error: FetchError | None) -> str | None:
        """Judge by an answer whether it is us who are refused; why so, once that is decided."""
        now_s, one = self._clock(), sha256(key.encode()).hexdigest()[:16]
        if error is None or not (error.us or error.kind in UNANSWERED):
            self._singled.out(host.suspects)
            host.good(now_s, self.pace)
        elif error.us and not self._singled.refused(one, host.suspects):
            new = one not in host.suspects
            host.suspect(one, error.kind, now_s, self.pace)
            if turn.probe and new:
                return host.refuse_probe(turn.place.book.name, error)
        return None

    def _has_complained(self, key: str, error: FetchError) -> bool:
        """Whether this candidate was told before that we ask too often."""
        if error.kind != "rate_limited":
            return False
        with self._lock:
            again = key in self._complaining
            self._complaining[key] = None
            while len(self._complaining) > COMPLAINING:
                self._complaining.popitem(last=False)
        return again

    def _remember_lookup(self, turn: _Turn | None, name: str, error: FetchError) -> None:
        """The same for looking up a name; whatever came after that, the name was found."""
        failed = error if error.kind == "dns" and error.us else None
        if failed is not None and turn is None:
            with self._at(NAMES) as place:
                self._lookups_fail = True
                self._remember(_Turn(place, self._clock(), probe=False), name, failed)
        elif turn is not None:
            self._remember(turn, name, failed)

    def _names_place(self) -> Place | None:
        """The record of looking up names, once a lookup failed in any process."""
        now_s = self._clock()
        if not self._lookups_fail and abs(now_s - self._looked_s) >= STEP_S:
            self._looked_s = now_s
            self._lookups_fail = (self.folder / f"{NAMES}.json").exists()
        if not self._lookups_fail:
            return None
        with self._at(NAMES) as place:  # it is never closed before the gate is
            return place

    @contextmanager
    def _at(self, name: str) -> Iterator[Place]:
        """The place of a host, which is not closed while it is used."""
        with self._lock:
            place = self._places.get(name)
            if place is None:
                place = self._places[name] = Place(self.folder, name, self.pace.slots)
            place.users += 1
            self._places.move_to_end(name)
            self._close_unused()
        try:
            yield place
        finally:
            with self._lock:
                place.users -= 1

    def _close_unused(self) -> None:
        if len(self._places) <= OPEN_PLACES:
            return
        for name in list(self._places)[: len(self._places) - OPEN_PLACES]:
            if not self._places[name].users and name != NAMES:
                self._places.pop(name).close()


@dataclass(frozen=True)
class _Turn:
    """Leave to ask once."""

    place: Place
    asked_s: float
    probe: bool
