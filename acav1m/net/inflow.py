"""What comes over a wire, in a buffer from which head and body are taken.

One read brings the head together with as much of the body as is there, so a small file is there
after a single one; each further read would cost threads a wait for one another.
"""

from __future__ import annotations

from http.client import (
    BadStatusLine,
    HTTPException,
    IncompleteRead,
    LineTooLong,
    RemoteDisconnected,
)
from typing import TYPE_CHECKING

from acav1m.net.head import END, MOST_BYTES, Head

if TYPE_CHECKING:
    from acav1m.net.wire import Wire

START = b"HTTP/"
BUFFER_BYTES = 1 << 18
MOST_INTERIM = 16
"""Answers that only say that another will follow (1xx)."""


class Inflow:
    """The bytes of one connection, in their order."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self._bytes = bytearray(BUFFER_BYTES)
        self._view = memoryview(self._bytes)
        self._begin = self._end = 0
        self._bounded = False
        """Whether the last read could not have brought more than it did."""

    @property
    def empty(self) -> bool:
        """Whether nothing is in the buffer."""
        return self._begin == self._end

    def head(self) -> Head:
        """Read the head of an answer.

        Raises:
            http.client.HTTPException: It is not HTTP.
            http.client.RemoteDisconnected: The server went away without a word.
            OSError: The connection breaks.
        """
        for _ in range(MOST_INTERIM):
            head = Head(self._head())
            if not 100 <= head.status < 200 or head.status == 101:
                return head
        raise HTTPException(f"over {MOST_INTERIM} interim answers")

    def take(self, most: int, *, fill: bool = False) -> memoryview:
        """Take up to `most` bytes, none at the end; they are good until the next call.

        What is not in the buffer is waited for: with `fill` all of it, else the first of it.
        """
        if self._begin < self._end:
            piece = self._view[self._begin : min(self._begin + most, self._end)]
            self._begin += len(piece)
            return piece
        room = self._view[:most]
        size = self.wire.receive_into(room, fill=fill)
        self._bounded = size == len(room)
        return room[:size]

    def line(self) -> bytes:
        """Take a short line, without its end.

        Raises:
            http.client.HTTPException: It is too long.
            http.client.IncompleteRead: The connection ends before it does.
        """
        while (end := self._bytes.find(b"\n", self._begin, self._end)) < 0:
            if self._end - self._begin > MOST_BYTES:
                raise LineTooLong("chunk size")
            if not self._more():
                raise IncompleteRead(b"")
        line = bytes(self._view[self._begin : end])
        self._begin = end + 1
        return line.rstrip(b"\r")

    def surplus(self) -> bool:
        """Whether more is there than was taken."""
        if self._begin < self._end:
            return True
        return self._bounded and self.wire.more() and self._more() > 0

    def _head(self) -> bytes:
        """Read up to an empty line."""
        while (found := END.search(self._bytes, self._begin, self._end)) is None:
            start = bytes(self._view[self._begin : self._end][: len(START)])
            if not START.startswith(start):
                raise BadStatusLine(start.decode("latin-1"))
            if self._end - self._begin > MOST_BYTES:
                raise LineTooLong("header")
            if not self._more():
                where = "inside the header" if start else "without an answer"
                raise RemoteDisconnected(f"the connection ended {where}")
        text = bytes(self._view[self._begin : found.start()])
        self._begin = found.end()
        return text

    def _more(self) -> int:
        """Read behind what is there."""
        if self._begin == self._end:
            self._begin = self._end = 0
        elif self._begin:
            kept = bytes(self._view[self._begin : self._end])
            self._begin, self._end = 0, len(kept)
            self._view[: len(kept)] = kept
        size = self.wire.receive_into(self._view[self._end :])
        self._end += size
        self._bounded = False
        return size
