"""A module in a process of its own, spoken with in lines of JSON, and ended with all it started."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

PATIENCE_S = 5.0
"""For one that has said its last words to end by itself, and for the rest of its standard error,
whose end does not come where a grandchild holds it open."""

JOIN_S = 0.25
"""For a listener once all are killed."""

KEPT_CHARACTERS = 8000
"""Of standard error, which may explain why it ended."""


class Child:
    """The process; leave the context to have nothing left of it."""

    def __init__(self, module: str) -> None:
        path = os.pathsep.join(filter(None, sys.path))
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._complaints = ""
        self._listeners = [
            threading.Thread(target=listen, args=(pipe,), daemon=True)
            for listen, pipe in (
                (self._listen, self._process.stdout),
                (self._mind, self._process.stderr),
            )
        ]
        for listener in self._listeners:
            listener.start()

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._end()

    def say(self, what: Mapping[str, Any]) -> None:
        """Say a line; nobody may be there to hear it."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(what).encode() + b"\n")
            self._process.stdin.flush()  # and left open: its end is the end of the process

    def hear(self, timeout_s: float) -> dict[str, Any] | None:
        """The next line, None if none came in time.

        Raises:
            EOFError: It says nothing more.
        """
        try:
            line = self._lines.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if line is None or not line.endswith("\n"):
            raise EOFError
        heard: dict[str, Any] = json.loads(line)
        return heard

    def complaints(self) -> tuple[int | None, str]:
        """Its exit code once it has ended, and the end of what it wrote on standard error."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE_S)
        self._listeners[1].join(PATIENCE_S)
        return self._process.poll(), self._complaints

    def _listen(self, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                self._lines.put(line.decode(errors="replace"))
        self._lines.put(None)

    def _mind(self, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                self._complaints = (self._complaints + line.decode(errors="replace"))[
                    -KEPT_CHARACTERS:
                ]

    def _end(self) -> None:
        """Kill the whole family, and leave no pipe open."""
        family: list[psutil.Process] = []
        with suppress(psutil.NoSuchProcess):
            root = psutil.Process(self._process.pid)
            family = [*root.children(recursive=True), root]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        for listener in self._listeners:
            listener.join(JOIN_S)
