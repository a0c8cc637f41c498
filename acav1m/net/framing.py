"""Where the body of an answer ends: after a length, after the last chunk, or with the connection.

By RFC 9112, sections 6.3 and 7.1.
"""

from __future__ import annotations

import re
from http.client import HTTPException, IncompleteRead
from sys import maxsize
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from acav1m.net.head import Head
    from acav1m.net.inflow import Inflow

NONE = memoryview(b"")
MOST_TRAILERS = 100
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?")


class Framed:
    """The body that follows a head."""

    def __init__(self, head: Head, inflow: Inflow) -> None:
        self.total = head.length
        self.ended = self.total == 0
        """Whether it was read up to its end, and no byte further."""

        self.chunked = head.chunked
        self._inflow = inflow
        self._left = 0 if self.chunked else maxsize if self.total is None else self.total
        self._first = True

    def read(self, most: int, *, fill: bool = False) -> memoryview:
        """Take up to `most` bytes, none at the end; they are good until the next call.

        With `fill`, all of them are waited for. A connection that ends early ends a body of
        declared length too: see `ended`.

        Raises:
            http.client.HTTPException: A chunk is garbled.
            http.client.IncompleteRead: The connection ends inside a chunk.
            OSError: The connection breaks.
        """
        if self.chunked and not self._left and not self.ended:
            self._next_chunk()
        if self.ended or not most:
            return NONE
        piece = self._inflow.take(min(most, self._left), fill=fill)
        self._left -= len(piece)
        if not piece:
            self._end_early()
        elif self.total is not None and not self._left:
            self.ended = True
        return piece

    def _next_chunk(self) -> None:
        if not self._first:
            self._empty_line()
        self._first = False
        found = _SIZE.fullmatch(self._inflow.line())
        if found is None:
            raise HTTPException("a chunk has no size")
        self._left = int(found[1], 16)
        if not self._left:
            self._skip_trailers()
            self.ended = True

    def _end_early(self) -> None:
        if self.chunked:
            raise IncompleteRead(b"")
        self.ended = self.total is None

    def _empty_line(self) -> None:
        if self._inflow.line():
            raise HTTPException("a chunk is longer than its size")

    def _skip_trailers(self) -> None:
        for _ in range(MOST_TRAILERS):
            if not self._inflow.line():
                return
        raise HTTPException(f"over {MOST_TRAILERS} lines after the last chunk")
