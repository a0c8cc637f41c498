"""The head of an answer: its status, its fields, and how its body is told from what follows.

By RFC 9112 (HTTP/1.1), sections 4 to 6 and 9. What no careful client can make sense of is refused
as the standard library refuses it, with the exceptions of `http.client`.
"""

from __future__ import annotations

import re
from http.client import BadStatusLine, HTTPException, UnknownProtocol, UnknownTransferEncoding

END = re.compile(rb"\r?\n\r?\n")
MOST_BYTES = 1 << 16
MOST_FIELDS = 256
_STATUS = re.compile(r"(HTTP/\d(?:\.\d)?)[ \t]+(\d{3})(?:[ \t]+(.*))?")
_FOLD = re.compile(r"\r?\n[ \t]+")
_BODILESS = (204, 304)


class Head:
    """Status and fields of one answer."""

    def __init__(self, text: bytes) -> None:
        """Parse all up to the empty line.

        Raises:
            HTTPException: It is not HTTP/1, or leaves open where its body ends.
        """
        first, *lines = _unfolded(text.decode("latin-1")).split("\n")
        self.status, self.reason, self._old = _status(first.strip())
        if len(lines) > MOST_FIELDS:
            raise HTTPException(f"over {MOST_FIELDS} header fields")
        self.lines = [
            (name.rstrip().lower(), value.strip())
            for name, colon, value in (line.partition(":") for line in lines)
            if colon
        ]
        """Names in lower case and values, in their order; a name may be repeated."""

        self.fields = dict(self.lines)
        """The same by name; of one that is repeated, the last."""

        self.chunked = self._chunked()
        self.length = self._length()
        """Bytes that the body will have, None if the head does not say."""

    @property
    def lasts(self) -> bool:
        """Whether the connection can go on after the body."""
        if self.length is None and not self.chunked:
            return False
        asked = self.fields.get("connection", "").lower()
        return "keep-alive" in asked if self._old else "close" not in asked

    def _chunked(self) -> bool:
        coding = self.fields.get("transfer-encoding", "").lower()
        if coding in ("", "identity"):
            return False
        if coding != "chunked":
            raise UnknownTransferEncoding(coding)
        return True

    def _length(self) -> int | None:
        if self.status in _BODILESS or self.status < 200:
            return 0
        text = self.fields.get("content-length", "")
        if self.chunked or not (text.isascii() and text.isdigit()):
            return None
        if len({value for name, value in self.lines if name == "content-length"}) > 1:
            raise HTTPException("its length is declared twice, and differs")
        return int(text)


def _unfolded(text: str) -> str:
    """Values on one line each; long ago one could go on in the next."""
    return _FOLD.sub(" ", text) if "\n " in text or "\n\t" in text else text


def _status(line: str) -> tuple[int, str, bool]:
    """Status, reason, and whether it is of the time before HTTP/1.1."""
    found = _STATUS.fullmatch(line)
    if found is None:
        raise BadStatusLine(line)
    version, status, reason = found.groups()
    if not version.startswith(("HTTP/1", "HTTP/0")):
        raise UnknownProtocol(version)
    return int(status), reason or "", version in ("HTTP/1", "HTTP/1.0", "HTTP/0.9")
