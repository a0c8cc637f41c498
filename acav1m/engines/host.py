"""Own one worker process: start it, watch it, and say what it died of."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psutil

from acav1m.engines.journal import Journal
from acav1m.errors import AcavError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from acav1m.engines import Limits, Part, Row

TICK_S = 0.25


class Host:
    """Runs parts in a child; a child's death is pinned on the row it was busy with."""

    def __init__(self, limits: Limits, log: Path) -> None:
        self.limits = limits
        self.log = log
        self._child: subprocess.Popen[bytes] | None = None
        self._rest = b""
        self._stopped = False

    def run(self, part: Part, on_row: Callable[[list[Row]], None]) -> None:
        """Run a part to its commit, through as many children as it takes.

        Raises:
            AcavError: The user must act (a full disk, a missing model), or the worker cannot
                even start.
        """
        journal = Journal(part.path.with_suffix(".journal"))
        told = 0
        while True:
            news = _Once(on_row, told)
            death = self._attempt(part, journal, news)
            told = max(told, news.seen)
            if death is None:
                return
            if self._stopped:
                raise AcavError("the build was stopped")
            journal.mend()
            row = journal.read().started
            if row is None:
                raise AcavError(f"a worker died outside any clip: {death[1]}\n{self._last_words()}")
            journal.died(row, *death)

    def stop(self) -> None:
        """End for good, from any thread: a part under way is left to a later build."""
        self._stopped = True
        self._end_child()

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            self._kill(child)

    def _attempt(
        self, part: Part, journal: Journal, on_row: Callable[[list[Row]], None]
    ) -> tuple[str, str] | None:
        """Have the child run the part; return kind and reason of its death, None when done."""
        child = self._child = self._child or self._start()
        assert child.stdin is not None
        try:
            child.stdin.write(f"{part.path}\n".encode())
            child.stdin.flush()
        except BrokenPipeError:
            return self._buried(child)
        size, moved = -1, time.monotonic()
        while True:
            ended = child.poll() is not None  # asked first: what it said last is still heard
            for message in self._hear(child):
                if "done" in message:
                    on_row(message["done"])
                elif "error" in message:
                    raise AcavError(message["error"])
                else:
                    return None
            if ended:
                return self._buried(child)
            if journal.size() != size:
                size, moved = journal.size(), time.monotonic()
            trouble = self._trouble(child, time.monotonic() - moved)
            if trouble:
                self._end_child()
                return trouble

    def _start(self) -> subprocess.Popen[bytes]:
        inherited = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._rest = b""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "acav1m.engines.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, **inherited, **threads},
                start_new_session=True,  # so that it can be killed with all it started
            )

    def _hear(self, child: subprocess.Popen[bytes]) -> list[dict[str, Any]]:
        """Messages that came within a tick; all there are, when it has ended."""
        assert child.stdout is not None
        ended = child.poll() is not None
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            while selector.select(0 if ended else TICK_S):
                heard = os.read(child.stdout.fileno(), 1 << 16)
                self._rest += heard
                if not (ended and heard):
                    break
        *lines, self._rest = self._rest.split(b"\n")
        return [json.loads(line) for line in lines]

    def _trouble(self, child: subprocess.Popen[bytes], idle_s: float) -> tuple[str, str] | None:
        if idle_s > self.limits.timeout_s:
            return "timeout", f"no progress for {self.limits.timeout_s:g} s"
        if _memory_bytes(child.pid, self.limits.memory_bytes) > self.limits.memory_bytes:
            return "memory", f"took more than {self.limits.memory_bytes / 1e9:.1f} GB of memory"
        return None

    def _buried(self, child: subprocess.Popen[bytes]) -> tuple[str, str]:
        code = child.wait()
        self._end_child()
        if code < 0:
            return "crash", f"the decoder crashed ({signal.Signals(-code).name})"
        return "crash", f"the worker ended with exit code {code}"

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""

    @staticmethod
    def _kill(child: subprocess.Popen[bytes]) -> None:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what it was never told is of no use now
                    pipe.close()


class _Once:
    """Passes on each row's news once, though a new child repeats those of the old one."""

    def __init__(self, on_row: Callable[[list[Row]], None], told: int) -> None:
        self.on_row, self.told, self.seen = on_row, told, 0

    def __call__(self, results: list[Row]) -> None:
        self.seen += 1
        if self.seen > self.told:
            self.on_row(results)


def _memory_bytes(pid: int, limit: int) -> int:
    """Memory of a process and all it started; what they share is counted once where it matters.

    Resident memory is cheap to ask for but counts shared pages again in each process, so it only
    says that there is nothing to fear.
    """
    resident = _sum_over_family(pid, lambda process: process.memory_info().rss)
    if resident <= limit or not psutil.LINUX:
        return resident
    return _sum_over_family(pid, lambda process: process.memory_full_info().pss)


def _sum_over_family(pid: int, bytes_of: Callable[[psutil.Process], int]) -> int:
    total = 0
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for process in family:
        try:
            total += bytes_of(process)
        except psutil.NoSuchProcess:
            continue
    return total
