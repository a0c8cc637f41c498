"""Files whose bytes can be had in any order: on this disk, on a server, or in a store."""

from __future__ import annotations

import os
import stat
from abc import ABC, abstractmethod
from functools import partial
from typing import TYPE_CHECKING, Any

from acav1m.errors import AcavError, ClipError
from acav1m.net.outcome import FetchError, of_exception

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from acav1m.net.http import Fetcher

NEAR_BYTES = 256 * 1024
"""To skip less costs more than to read it, where each answer takes its time."""

STEP_BYTES = 64 * 1024
LONGEST_STEP_BYTES = 1024**2


class Reading(ABC):
    """An open file."""

    size: int
    stamp: str
    """Changes when the content does."""

    validator: str | None = None
    """What a server knows this very copy by."""

    @abstractmethod
    def read(self, offset: int, length: int) -> bytes:
        """Read these bytes, fewer only where the file ends.

        Raises:
            ClipError: They cannot be had.
        """

    def close(self) -> None:  # noqa: B027 - most have nothing to close
        """Leave it."""


class OnDisk(Reading):
    """A file of this disk.

    Raises:
        ClipError: `missing`, or no file.
    """

    def __init__(self, path: Path) -> None:
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                raise ClipError("missing", "is not a regular file")
            self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise ClipError("missing", "no such file") from error
        except OSError as error:
            raise ClipError("missing", f"cannot be read: {error.strerror}") from error
        self.size = found.st_size
        self.stamp = f"{found.st_size}-{found.st_mtime_ns}"

    def read(self, offset: int, length: int) -> bytes:
        """Read."""
        try:
            return os.pread(self._file, length, offset)
        except OSError as error:
            raise ClipError("unreadable", f"cannot be read: {error.strerror}") from error

    def close(self) -> None:
        """Close it."""
        os.close(self._file)


class OnServer(Reading):
    """A file of an HTTP server that knows Range; `own` are headers for its host alone.

    Where it is redirected to is asked from then on, for as long as that answers.
    """

    def __init__(self, fetcher: Fetcher, url: str, own: Mapping[str, str]) -> None:
        from acav1m.net import stretch
        from acav1m.net.target import parse

        self._ask = partial(stretch.read, fetcher)
        self._url, self._own = url, own
        self._head, self._copy, moved = self._ask(url, 0, STEP_BYTES, None, own)
        self._moved = None if moved == parse(url).url else moved
        self.size, self.validator = self._copy
        self.stamp = f"{self.size}-{self.validator}"

    def read(self, offset: int, length: int) -> bytes:
        """Read."""
        if min(offset + length, self.size) <= len(self._head):
            return self._head[offset : offset + length]
        if self._moved is not None:
            try:
                return self._ask(self._moved, offset, length, self._copy).content
            except FetchError:  # such addresses hold for a while only
                self._moved = None
        return self._ask(self._url, offset, length, self._copy, self._own).content


class InStore(Reading):
    """A file that fsspec reaches: in S3, on the Hub, in memory."""

    def __init__(self, files: Any, path: str) -> None:
        self._files, self._path = files, path
        info = asked(files.info, path)
        if info.get("size") is None:
            raise AcavError(f"{path}: its store does not say how long it is, so it cannot be read")
        self.size = int(info["size"])
        self.stamp = f"{self.size}-{_version(info)}"

    def read(self, offset: int, length: int) -> bytes:
        """Read."""
        end = min(offset + length, self.size)
        if end <= offset:
            return b""
        found: bytes = asked(self._files.cat_file, self._path, start=offset, end=end)
        return found


def asked(call: Any, *args: Any, **options: Any) -> Any:
    """Call a method of an fsspec file system.

    Raises:
        FetchError: It fails, in the classes of downloads.
    """
    try:
        return call(*args, **options)
    except FileNotFoundError as error:
        raise FetchError("not_found", "there is nothing at this address") from error
    except PermissionError as error:
        said = str(error) or "no permission"
        raise FetchError("blocked", f"access is denied: {said}") from error
    except (OSError, TimeoutError) as error:
        known = of_exception(error)
        raise known or FetchError("reset", f"its store fails: {error}") from error


def _version(info: Mapping[str, Any]) -> str:
    """What tells one content from another: as good as the store has it."""
    names = ("ETag", "etag", "sha256", "md5Hash", "content_md5", "blob_id", "generation")
    times = ("LastModified", "last_modified", "updated", "mtime", "created")
    return next((str(info[n]) for n in (*names, *times) if info.get(n) is not None), "")


class Window:
    """Reads a little ahead, so that few answers serve many small reads in a row.

    Where what is skipped is little, steps grow; where it is much, they stay small.
    """

    def __init__(self, reading: Reading, step: int = STEP_BYTES) -> None:
        self.reading, self.size = reading, reading.size
        self._least = self._step = step
        self._at, self._held = 0, b""

    def read(self, offset: int, length: int) -> bytes:
        """Read these bytes, fewer only where the file ends."""
        begin, end = self._at, self._at + len(self._held)
        if not (begin <= offset and offset + length <= end):
            near = bool(self._held) and 0 <= offset - end <= NEAR_BYTES
            self._step = min(self._step * 2, LONGEST_STEP_BYTES) if near else self._least
            self._at = begin = offset
            self._held = self.reading.read(offset, max(length, self._step))
        return self._held[offset - begin : offset - begin + length]
