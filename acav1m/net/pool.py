"""Fetch ahead: several downloads at once in threads, while the clip before is being cut.

A job names what it will need, and then asks for each, in any order: for what is there already, if
it likes. No more than `ahead` are fetched beyond what was asked for, so that the disk does not fill
with media whose turn is far away.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from acav1m.net.limits import STEP_S

T = TypeVar("T")
Alive = Callable[[], None]


class Closed(Exception):
    """The pool was closed meanwhile."""


@dataclass
class _Errand(Generic[T]):
    call: Callable[[Alive], T]
    done: bool = False
    value: T | None = None
    error: BaseException | None = None


class Pool(Generic[T]):
    """Errands by key: waiting, begun, or done and not yet asked for."""

    def __init__(self, threads: int = 8, ahead: int = 16) -> None:
        self._most = max(threads, 1)
        self._ahead = max(ahead, 1)
        self._waiting: OrderedDict[str, _Errand[T]] = OrderedDict()
        self._begun: dict[str, _Errand[T]] = {}
        self._urgent: set[str] = set()
        self._threads: list[threading.Thread] = []
        self._closed = False
        self._lock = threading.Lock()
        self._work_there = threading.Condition(self._lock)
        self._done = threading.Condition(self._lock)

    def start(self, key: str, call: Callable[[Alive], T]) -> None:
        """Have it called when its turn comes; a key that is known already changes nothing.

        `call` is given a function to call now and then, which ends it once the pool is closed.
        """
        with self._lock:
            if self._closed:
                raise Closed
            if key not in self._waiting and key not in self._begun:
                self._waiting[key] = _Errand(call)
                self._hire()
                self._work_there.notify()

    def result(self, key: str, alive: Alive = lambda: None) -> T:
        """Wait for what was started, and forget it; what it raised is raised here.

        `alive` is called every second, for whatever was started has its own limits in time.

        Raises:
            KeyError: It was never started, or was asked for already.
            Closed: The pool was closed meanwhile.
        """
        with self._lock:
            if key in self._waiting:
                self._waiting.move_to_end(key, last=False)
                self._urgent.add(key)
                self._work_there.notify()
            errand = self._waiting.get(key) or self._begun[key]
        while not self._ended(errand):
            alive()
        with self._lock:
            del self._begun[key]
            self._work_there.notify()
        if errand.error is not None:
            raise errand.error
        return errand.value  # type: ignore[return-value]

    def some(self, keys: Iterable[str], alive: Alive = lambda: None) -> str:
        """Wait until one of these is done, well or not; the first that is, of at least one.

        `alive` is called as by `result`.

        Raises:
            Closed: The pool was closed meanwhile.
        """
        wanted = list(keys)
        while (key := self._first_done(wanted)) is None:
            alive()
        return key

    def drop(self, key: str) -> None:
        """Forget what was started and will not be asked for; if it runs, it runs to its end."""
        with self._lock:
            self._waiting.pop(key, None)
            self._begun.pop(key, None)
            self._urgent.discard(key)
            self._work_there.notify()

    def close(self, patience_s: float = 5.0) -> None:
        """Call nothing more, and end what is under way at its next sign of life."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
            self._work_there.notify_all()
            self._done.notify_all()
        for thread in self._threads:
            thread.join(patience_s)

    def _ended(self, errand: _Errand[T]) -> bool:
        """Wait a while for it."""
        with self._lock:
            self._done.wait_for(lambda: errand.done or self._closed, STEP_S)
            if self._closed and not errand.done:
                raise Closed
        return errand.done

    def _first_done(self, keys: list[str]) -> str | None:
        """The first of these that is done; None after a while without any."""

        def first() -> str | None:
            return next((k for k in keys if k in self._begun and self._begun[k].done), None)

        with self._lock:
            self._done.wait_for(lambda: self._closed or first() is not None, STEP_S)
            key = first()
            if key is None and self._closed:
                raise Closed
        return key

    def _hire(self) -> None:
        if len(self._threads) < min(self._most, len(self._waiting) + len(self._begun)):
            thread = threading.Thread(target=self._work, daemon=True, name="fetch")
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while (errand := self._next()) is not None:
            try:
                errand.value = errand.call(self._go_on)
            except BaseException as error:  # it is for the one who asks for the result
                errand.error = error
            with self._lock:
                errand.done = True
                self._done.notify_all()

    def _next(self) -> _Errand[T] | None:
        """Wait for an errand that may begin; None when there will be none."""
        with self._lock:
            while not self._closed:
                if self._may_begin():
                    key, errand = self._waiting.popitem(last=False)
                    self._urgent.discard(key)
                    self._begun[key] = errand
                    return errand
                self._work_there.wait()
        return None

    def _may_begin(self) -> bool:
        first = next(iter(self._waiting), None)
        return first is not None and (len(self._begun) < self._ahead or first in self._urgent)

    def _go_on(self) -> None:
        if self._closed:
            raise Closed
