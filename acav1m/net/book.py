"""A record in a file that processes and threads change in turn, and places they may take.

Everything is locked with `flock`, which the kernel undoes when a process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import threading
from contextlib import contextmanager, suppress
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING

from acav1m.net.host import Host

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST_BYTES = 1 << 20


class Book:
    """One host's record, `<host>.json`, with its locks beside it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._stem = str(folder / _file_name(name))
        self._file = os.open(f"{self._stem}.json", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._threads = threading.Lock()  # one open file is one holder, whatever the thread

    @contextmanager
    def open(self) -> Iterator[Host]:
        """Read the record and, where it was changed, write it, with nobody in between."""
        with self._threads:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                text = os.pread(self._file, LARGEST_BYTES, 0)
                host = _read(text)
                yield host
                self._write(host, text)
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def take(self, what: str) -> int | None:
        """Take a place that only one may have; the open file that holds it, None if taken."""
        file = os.open(f"{self._stem}.{what}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        return file

    def slot(self, slots: int) -> int | None:
        """Take any of so many places."""
        for index in range(slots):
            file = self.take(f"slot{index}")
            if file is not None:
                return file
        return None

    def close(self) -> None:
        """Leave the record to others."""
        with suppress(OSError):
            os.close(self._file)

    def _write(self, host: Host, before: bytes) -> None:
        text = json.dumps(asdict(host)).encode()
        if text != before:
            os.pwrite(self._file, text, 0)
            os.ftruncate(self._file, len(text))


def _read(text: bytes) -> Host:
    """A record that a killed process left half written is begun anew: it only paces."""
    try:
        return Host(**json.loads(text))
    except (ValueError, TypeError):
        return Host()


def _file_name(name: str) -> str:
    """A host's name as a file's, whatever is in it."""
    plain = re.sub(r"[^a-z0-9.-]", "_", name)[:80]
    return plain if plain == name else f"{plain}-{sha256(name.encode()).hexdigest()[:8]}"
