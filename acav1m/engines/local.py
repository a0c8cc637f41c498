"""The default engine: worker processes on this machine, no server, no port."""

from __future__ import annotations

import itertools
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from queue import SimpleQueue
from typing import TYPE_CHECKING

from acav1m.engines.host import Host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from acav1m.engines import Limits, Part, Row


class LocalEngine:
    """A thread per worker holds a `Host`; at most twice as many parts are in flight."""

    def __init__(self, workers: int, limits: Limits, scratch: Path) -> None:
        self.workers = workers
        self._hosts: SimpleQueue[Host] = SimpleQueue()
        self._all = [Host(limits, scratch / f"worker-{n}.log") for n in range(workers)]
        for host in self._all:
            self._hosts.put(host)

    def run(self, parts: Iterable[Part], on_row: Callable[[list[Row]], None]) -> Iterator[Part]:
        """Yield parts as they are committed; the first error stops all.

        Raises:
            AcavError: See `Host.run`.
        """
        waiting = iter(parts)
        running: set[Future[Part]] = set()
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                while True:
                    room = 2 * self.workers - len(running)
                    for part in itertools.islice(waiting, room):
                        running.add(pool.submit(self._run, part, on_row))
                    if not running:
                        return
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield future.result()
            finally:
                for future in running:
                    future.cancel()
                if running:
                    self.close()

    def close(self) -> None:
        """End all workers."""
        for host in self._all:
            host.stop()

    def _run(self, part: Part, on_row: Callable[[list[Row]], None]) -> Part:
        host = self._hosts.get()
        try:
            host.run(part, on_row)
        finally:
            self._hosts.put(host)
        return part
