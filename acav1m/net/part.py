"""A file that is not whole yet, and what must be known to go on with it after a kill."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

NOTED_FROM_BYTES = 256 * 1024
"""Smaller files are begun again; a second file for each would cost more."""


class Part:
    """`<name>.part` beside the file it will be, and `<name>.part.json` about its server's copy.

    The copy is known again by its ETag or its date; without either a download starts anew.
    """

    def __init__(self, to: Path, url: str) -> None:
        self.to = to
        self.path = to.with_name(f"{to.name}.part")
        self.notes = to.with_name(f"{to.name}.part.json")
        self.size = 0
        self._url = url
        self._noted = False
        self._sha256 = hashlib.sha256()
        self._file: BinaryIO | None = None
        self._validator: str | None = None
        self._total: int | None = None
        self._recall()

    def asks(self) -> dict[str, str]:
        """Headers that ask for the rest, if there is a beginning of a known copy."""
        if not self.size or self._validator is None:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self._validator}

    def fits(self, headers: Message) -> bool:
        """Whether a 206 brings the very bytes that are missing."""
        unit, _, rest = headers.get("Content-Range", "").strip().partition(" ")
        span, _, total = rest.partition("/")
        same = self._total is None or total in ("*", str(self._total))
        return unit == "bytes" and same and span.partition("-")[0] == str(self.size)

    def whole(self, headers: Message) -> bool:
        """Whether a 416 says that nothing was missing."""
        return headers.get("Content-Range", "").strip() == f"bytes */{self.size}" and self.size > 0

    def begin(self, headers: Message, total: int | None, *, again: bool = True) -> None:
        """Start anew; `again` says whether the rest may be asked for later."""
        self.close()
        self._file = self.path.open("wb", buffering=0)
        self.size, self._sha256 = 0, hashlib.sha256()
        self._total, self._validator = total, _validator(headers) if again else None
        if self._validator and total is not None and total >= NOTED_FROM_BYTES:
            notes = {"url": self._url, "validator": self._validator, "total": total}
            self.notes.write_text(json.dumps(notes), encoding="utf-8")
            self._noted = True
        else:
            self._forget()

    def go_on(self) -> None:
        """Append to what is there."""
        self._file = self._file or self.path.open("ab", buffering=0)

    def write(self, chunk: bytes) -> None:
        """Append."""
        assert self._file is not None
        view = memoryview(chunk)
        while view:
            view = view[self._file.write(view) :]
        self._sha256.update(chunk)
        self.size += len(chunk)

    def finish(self) -> str:
        """Give the file its name; returns the SHA-256 of its content."""
        self.close()
        self.path.replace(self.to)
        self._forget()
        return self._sha256.hexdigest()

    def discard(self) -> None:
        """Leave nothing."""
        self.close()
        self.path.unlink(missing_ok=True)
        self._forget()
        self.size, self._validator = 0, None

    def close(self) -> None:
        """Leave what is there for another try."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _forget(self) -> None:
        if self._noted:
            self.notes.unlink(missing_ok=True)
            self._noted = False

    def _recall(self) -> None:
        """Take up what an earlier try or a killed process left."""
        self._noted = self.notes.exists()
        notes = self._read_notes() if self._noted else None
        if notes is None or not self.path.is_file():
            return
        with self.path.open("rb") as file:
            while chunk := file.read(1 << 20):
                self._sha256.update(chunk)
                self.size += len(chunk)
        self._validator, self._total = notes["validator"], notes["total"]

    def _read_notes(self) -> dict[str, Any] | None:
        try:
            notes = json.loads(self.notes.read_text(encoding="utf-8"))
        except ValueError:
            return None
        known = isinstance(notes, dict) and notes.get("url") == self._url
        return notes if known and {"validator", "total"} <= notes.keys() else None


def _validator(headers: Message) -> str | None:
    """What If-Range may hold: a strong ETag, else a date (RFC 9110, section 13.1.5)."""
    etag = str(headers.get("ETag", ""))
    if etag.startswith('"'):
        return etag
    return headers.get("Last-Modified")
