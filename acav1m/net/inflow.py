"""Read answers from a wire.

One read brings the head together with as much of the body as is there, so a small file is there
after a single one; each further read would cost threads a wait for one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m.net.parser import Parser

if TYPE_CHECKING:
    from acav1m.net.parser import Head
    from acav1m.net.wire import Wire

BUFFER_BYTES = 1 << 18


class Inflow:
    """The answers of one connection, in their order."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self._parser = Parser()
        self._room = memoryview(bytearray(BUFFER_BYTES))
        self._full = False
        """Whether the last read could not have brought more than it did."""

    @property
    def done(self) -> bool:
        """Whether the answer came up to its end, and no byte further."""
        return self._parser.ended and not self._parser.surplus

    def head(self) -> Head:
        """Read the head of the next answer.

        Raises:
            http.client.HTTPException: It is not HTTP.
            http.client.RemoteDisconnected: The server went away without a word.
            OSError: The connection breaks.
        """
        self._parser.expect()
        while self._parser.head is None:
            self._read(fill=False)
        return self._parser.head

    def body(self, *, fill: bool = False) -> bytes:
        """Take what comes next of its body, nothing at the end.

        What did not come with the head is waited for: the first of it, or with `fill` a buffer
        full where that can be known to come. A connection that ends early ends a body of declared
        length too: see `done`.

        Raises:
            http.client.HTTPException: A chunk is garbled.
            http.client.IncompleteRead: The connection ends inside a chunk.
            OSError: The connection breaks.
        """
        while not (piece := self._parser.taken()) and not self._parser.ended:
            if not self._read(fill=fill):
                break
        return piece

    def surplus(self) -> bool:
        """Whether more is there than the answer."""
        if self._full and not self._parser.surplus and self.wire.more():
            self._read(fill=False)
        return self._parser.surplus

    def _read(self, *, fill: bool) -> int:
        parser = self._parser
        room = self._room[: parser.left] if parser.left else self._room
        chunked = parser.head is not None and parser.head.chunked
        size = self.wire.receive_into(room, fill=fill and not chunked)
        self._full = size == len(room)
        if size:
            parser.feed(room[:size])
        else:
            parser.close()
        return size
