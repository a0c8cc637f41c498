"""A record that processes and threads change in turn, and places that they take.

All is locked with `flock`, which the kernel undoes when a process ends, however it ends. The
record is mapped into memory, so that to see that nothing is wrong with a host costs no system
call: thousands of small files are fetched without anybody waiting for a lock.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import re
import threading
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING

from acav1m.net.host import Host

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BYTES = 4096
"""The record's file has this size: JSON, a zero byte, and whatever was there before."""


class Book:
    """One host's record, `<host>.json`, with its locks beside it.

    `stem` is the files' name where the host's is not known.
    """

    def __init__(self, folder: Path, name: str, stem: str | None = None) -> None:
        self.name = name
        self._stem = str(folder / (stem or file_name(name)))
        self._file = self.open_file("json")
        os.posix_fallocate(self._file, 0, BYTES)  # a full disk shows here, not as a crash later
        self._map = mmap.mmap(self._file, BYTES)
        self._threads = threading.Lock()  # one open file is one holder, whatever the thread

    @property
    def calm(self) -> bool:
        """Whether nothing is known against asking. Looks without a lock: it may be just over."""
        return self._map[0] == 0

    @contextmanager
    def open(self) -> Iterator[Host]:
        """Read the record and, where it was changed, write it, with nobody in between."""
        with self._threads:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                host = _read(self._map)
                yield host
                self._write(host)
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def open_file(self, what: str) -> int:
        """Open a file of this host's, to be locked."""
        return os.open(f"{self._stem}.{what}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def close(self) -> None:
        """Leave the record to others."""
        self._map.close()
        os.close(self._file)

    def _write(self, host: Host) -> None:
        text = b"" if host == Host() else json.dumps(asdict(host)).encode()
        if len(text) < BYTES:  # longer only with an absurd `stop_after`
            self._map[: len(text) + 1] = text + b"\x00"


def lock(file: int) -> bool:
    """Take a place of which there is one; whether it was free."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unlock(file: int) -> None:
    """Give it back."""
    fcntl.flock(file, fcntl.LOCK_UN)


def _read(mapped: mmap.mmap) -> Host:
    """A record that a killed process left half written is begun anew: it only paces."""
    text = mapped[: max(mapped.find(b"\x00"), 0)]
    try:
        return Host(**json.loads(text)) if text else Host()
    except (ValueError, TypeError):
        return Host()


def file_name(name: str) -> str:
    """A host's name as a file's, whatever is in it."""
    plain = re.sub(r"[^a-z0-9.-]", "_", name)[:80]
    return plain if plain == name else f"{plain}-{sha256(name.encode()).hexdigest()[:8]}"
