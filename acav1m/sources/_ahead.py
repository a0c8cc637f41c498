"""Read several lists at a time, and give out what they hold one after the other."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import suppress
from queue import Full, Queue
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
HELD = 1000
"""Of one list; a thread waits that is so far ahead."""

STEP_S = 0.1
"""How often a thread that waits looks whether anybody still asks."""

PATIENCE_S = 2.0
"""For each thread to end by itself; a server that does not answer holds it up far longer."""


class _End:
    """After the last of a list, with what ended it."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def in_order(lists: Iterable[Callable[[], Iterator[T]]], at_once: int) -> Iterator[T]:
    """Stream what each list holds, in the order of the lists, while the next ones are read.

    What a list raises is raised in its turn.
    """
    if at_once == 1:
        for one in lists:
            yield from one()
    else:
        yield from _threaded(lists, at_once)


def _threaded(lists: Iterable[Callable[[], Iterator[T]]], at_once: int) -> Iterator[T]:
    stopped = threading.Event()
    waiting, under_way = iter(lists), deque[_UnderWay[T]]()
    try:
        while True:
            while len(under_way) < at_once and (one := next(waiting, None)) is not None:
                under_way.append(_begun(one, stopped))
            if not under_way:
                return
            while not isinstance(found := under_way[0].queue.get(), _End):
                yield found
            under_way.popleft()
            if found.error is not None:
                raise found.error
    finally:
        stopped.set()
        for begun in under_way:
            begun.thread.join(PATIENCE_S)


class _UnderWay(NamedTuple, Generic[T]):
    """A list that is being read."""

    queue: Queue[T | _End]
    thread: threading.Thread


def _begun(one: Callable[[], Iterator[T]], stopped: threading.Event) -> _UnderWay[T]:
    queue: Queue[T | _End] = Queue(HELD)

    def read() -> None:
        error: BaseException | None = None
        try:
            for found in one():
                _put(queue, found, stopped)
                if stopped.is_set():
                    break
        except BaseException as raised:  # belongs to whoever asks, as if no thread were between
            error = raised
        _put(queue, _End(error), stopped)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return _UnderWay(queue, thread)


def _put(queue: Queue[T | _End], found: T | _End, stopped: threading.Event) -> None:
    """Put it there once there is room, for as long as anybody asks."""
    while not stopped.is_set():
        with suppress(Full):
            queue.put(found, timeout=STEP_S)
            return
