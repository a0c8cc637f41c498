"""Parse answers with llhttp, the parser of Node.js, through `httptools`.

What RFC 9112 (HTTP/1.1) leaves no careful client to make sense of is refused, with the exceptions
of `http.client`. As in aiohttp, only what harms a client nowhere is forgiven: lines that end
without a return, values that go on in the next line, blanks behind the size of a chunk. Of a
length and chunks the chunks count (section 6.3).
"""

from __future__ import annotations

from http.client import (
    BadStatusLine,
    HTTPException,
    IncompleteRead,
    LineTooLong,
    RemoteDisconnected,
    UnknownTransferEncoding,
)
from typing import NamedTuple

from httptools import (
    HttpParserCallbackError,
    HttpParserError,
    HttpParserInvalidStatusError,
    HttpParserUpgrade,
    HttpResponseParser,
)

MOST_BYTES = 1 << 16
"""That may come, beside one read, without a byte of a body."""

MOST_FIELDS = 256
MOST_INTERIM = 16
"""Answers that only say that another will follow (1xx)."""


class Head(NamedTuple):
    """Status and header fields of an answer, and how its body ends."""

    status: int
    reason: str
    lines: list[tuple[str, str]]
    """Names in lower case and values, in their order; a name may be repeated."""

    fields: dict[str, str]
    """The same by name; of one that is repeated, the last."""

    length: int | None
    """Bytes that the body will have, None if the head does not say."""

    chunked: bool
    lasts: bool
    """Whether the connection can go on after the body."""


class Parser:
    """The answers of one connection, one after the other."""

    def __init__(self) -> None:
        self._llhttp = HttpResponseParser(self)
        self._llhttp.set_dangerous_leniencies(
            lenient_headers=True,
            lenient_chunked_length=True,
            lenient_optional_cr_before_lf=True,
            lenient_spaces_after_chunk_size=True,
        )
        self.expect()

    def expect(self) -> None:
        """Expect an answer."""
        self.head: Head | None = None
        self.ended = False
        """Whether the body came up to its end."""

        self.surplus = False
        """Whether more came than the answer."""

        self.left: int | None = None
        """Bytes that are still to come of a body of declared length."""

        self._body: list[bytes] = []
        self._lines: list[tuple[str, str]] = []
        self._reason = b""
        self._interim = self._bodiless_bytes = 0

    def feed(self, data: memoryview) -> None:
        """Take what came.

        Raises:
            http.client.HTTPException: It is not HTTP, or leaves open where the body ends.
        """
        try:
            self._llhttp.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            if not self.ended:
                raise self._refusal(error, data) from None
            self.surplus = True
        self._bodiless_bytes = 0 if self._body else self._bodiless_bytes + len(data)
        if self._bodiless_bytes > MOST_BYTES and not self.ended:
            raise LineTooLong("header" if self.head is None else "chunk")

    def taken(self) -> bytes:
        """Take what came of the body."""
        body, self._body = self._body, []
        return body[0] if len(body) == 1 else b"".join(body)

    def close(self) -> None:
        """Nothing more will come; this ends a body of which nothing says how long it is.

        Raises:
            http.client.RemoteDisconnected: There is no head yet.
            http.client.IncompleteRead: A chunk is to come.
        """
        if self.head is None:
            where = "inside the header" if self._bodiless_bytes else "without an answer"
            raise RemoteDisconnected(f"the connection ended {where}")
        if self.head.chunked:
            raise IncompleteRead(b"")
        self.ended = self.ended or self.left is None

    def on_message_begin(self) -> None:
        """Begin an answer, called by llhttp as all that follow."""
        if self.ended:
            raise HTTPException("more came than the answer")
        self._lines, self._reason = [], b""

    def on_status(self, reason: bytes) -> None:
        """Take the reason, or a part of it."""
        self._reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field."""
        if self.head is not None:
            return  # behind the last chunk
        if len(self._lines) == MOST_FIELDS:
            raise HTTPException(f"over {MOST_FIELDS} header fields")
        self._lines.append((name.decode("latin-1").lower(), value.decode("latin-1").strip()))

    def on_headers_complete(self) -> None:
        """Know where the body will end."""
        status = self._llhttp.get_status_code()
        if 100 <= status < 200 and status != 101:
            self._interim += 1
            if self._interim > MOST_INTERIM:
                raise HTTPException(f"over {MOST_INTERIM} interim answers")
            return
        fields = dict(self._lines)
        coding = fields.get("transfer-encoding", "").lower()
        if coding not in ("", "chunked"):
            raise UnknownTransferEncoding(f"the transfer coding {coding[:40]!r} is not known")
        if not coding and "content-length" in fields:
            self.left = int(fields["content-length"].lstrip("0") or 0)  # under 2**64, says llhttp
        reason, lasts = self._reason.decode("latin-1"), self._llhttp.should_keep_alive()
        self.head = Head(status, reason, self._lines, fields, self.left, bool(coding), lasts)

    def on_body(self, piece: bytes) -> None:
        """Keep a piece until it is taken."""
        self._body.append(piece)
        if self.left is not None:
            self.left -= len(piece)

    def on_message_complete(self) -> None:
        """End the body."""
        self.ended = self.head is not None

    def _refusal(self, error: Exception, data: memoryview) -> BaseException:
        if isinstance(error, HttpParserCallbackError) and error.__context__ is not None:
            return error.__context__  # ours, on its way through llhttp
        if isinstance(error, HttpParserInvalidStatusError) or not self._llhttp.get_status_code():
            return BadStatusLine(bytes(data[:40]).decode("latin-1"))
        return HTTPException(str(error))
