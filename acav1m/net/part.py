"""A file that is not whole yet, and what must be known to go on with it after a kill."""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acav1m.net.outcome import FetchError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SENDABLE = re.compile(r"[\x20-\x7e]+")
NOTED_FROM_BYTES = 1024 * 1024
"""Smaller files are begun again; a second file for each would cost more."""


class Part:
    """`<name>.part` beside the file it will be, and `<name>.part.json` about its server's copy.

    The copy is known again by its ETag or its date; without either a download starts anew.
    Headers are given by their names in lower case.
    """

    is_media = True
    """Whether what surely is no media is refused by its first bytes."""

    def __init__(self, to: Path, url: str) -> None:
        self.to = to
        self.size = 0
        name = os.fspath(to)
        self._path = name + ".part"
        self._notes = name + ".part.json"
        self._url = url
        self._sha256 = hashlib.sha256()
        self._file = -1
        self._validator: str | None = None
        self._total: int | None = None
        self._noted = os.path.exists(self._notes)  # noqa: PTH110 (a Path costs as much as a file)
        if self._noted:
            self._recall()

    def asks(self) -> dict[str, str]:
        """Headers that ask for the rest, if there is a beginning of a known copy."""
        if not self.size or self._validator is None:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self._validator}

    def fits(self, fields: Mapping[str, str]) -> bool:
        """Whether a 206 brings the bytes that were asked for."""
        unit, _, rest = fields.get("content-range", "").strip().partition(" ")
        span, _, total = rest.partition("/")
        same = self._total is None or total in ("*", str(self._total))
        begins = span.partition("-")[0] == str(self.size)
        return bool(self.asks()) and unit == "bytes" and same and begins

    def whole(self, fields: Mapping[str, str]) -> bool:
        """Whether a 416 says that nothing was missing."""
        said = fields.get("content-range", "").strip()
        return bool(self.asks()) and said == f"bytes */{self.size}"

    def check_whole(self) -> None:
        """Refuse a file of which the server sent a part only.

        Raises:
            FetchError: More is to be had.
        """
        if self._total is not None and self.size != self._total:
            raise FetchError("truncated", f"{self.size} bytes came of {self._total}")

    def begin(self, fields: Mapping[str, str], total: int | None, *, again: bool) -> None:
        """Start anew; `again` says whether the rest may be asked for later."""
        self.close()
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
        self._file = os.open(self._path, flags, 0o644)
        self.size, self._sha256 = 0, hashlib.sha256()
        self._validator = validator(fields) if again else None
        self._total = total if again else None
        if self._validator and total is not None and total >= NOTED_FROM_BYTES:
            notes = {"url": self._url, "validator": self._validator, "total": total}
            Path(self._notes).write_text(json.dumps(notes), encoding="utf-8")
            self._noted = True
        else:
            self._forget()

    def go_on(self) -> None:
        """Append to what is there."""
        self.close()
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)

    def write(self, chunk: bytes | memoryview) -> None:
        """Append."""
        view = memoryview(chunk)
        while view:
            view = view[os.write(self._file, view) :]
        self._sha256.update(chunk)
        self.size += len(chunk)

    def finish(self) -> str:
        """Give the file its name; returns the SHA-256 of its content."""
        self.close()
        os.replace(self._path, self.to)  # noqa: PTH105
        self._forget()
        return self._sha256.hexdigest()

    def discard(self) -> None:
        """Leave nothing."""
        self.close()
        Path(self._path).unlink(missing_ok=True)
        self._forget()
        self.size, self._validator = 0, None

    def close(self) -> None:
        """Leave what is there for another try."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _forget(self) -> None:
        if self._noted:
            Path(self._notes).unlink(missing_ok=True)
            self._noted = False

    def _recall(self) -> None:
        """Take up what an earlier try or a killed process left."""
        notes = self._read_notes()
        if notes is None:
            return
        with suppress(FileNotFoundError), Path(self._path).open("rb") as file:
            while chunk := file.read(1 << 20):
                self._sha256.update(chunk)
                self.size += len(chunk)
        self._validator, self._total = notes["validator"], notes["total"]

    def _read_notes(self) -> dict[str, Any] | None:
        try:
            notes = json.loads(Path(self._notes).read_text(encoding="utf-8"))
        except ValueError:
            return None
        known = isinstance(notes, dict) and notes.get("url") == self._url
        return notes if known and {"validator", "total"} <= notes.keys() else None


def validator(fields: Mapping[str, str]) -> str | None:
    """What If-Range may hold: a strong ETag, else a date (RFC 9110, section 13.1.5)."""
    etag = fields.get("etag", "")
    found = etag if etag.startswith('"') else fields.get("last-modified", "")
    return found if _SENDABLE.fullmatch(found) else None
