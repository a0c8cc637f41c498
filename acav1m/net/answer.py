"""One answer to a request: what it says, and its body on the way to the disk."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING

from acav1m.net import body, robots
from acav1m.net.outcome import KINDS, FetchError, of_status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from acav1m.net.connection import Connection
    from acav1m.net.limits import Limits
    from acav1m.net.part import Part

LEFTOVER_BYTES = 64 * 1024
"""The body of an answer without media is read up to here, so that its connection can go on."""


class Answer:
    """Status and headers are there; the body is still to come."""

    def __init__(self, response: http.client.HTTPResponse, connection: Connection) -> None:
        self.connection = connection
        self.status = response.status
        self.fields = {name.lower(): str(value) for name, value in response.headers.raw_items()}
        """Headers by name in lower case; of one that is repeated, the last."""

        self._response = response

    @property
    def reusable(self) -> bool:
        """Whether its connection can go on, once the body is read."""
        return not self._response.will_close

    def close(self) -> None:
        """Read no more of it."""
        self._response.close()

    def refusal(self) -> str | None:
        """The header that asks not to be used for datasets, if there is one."""
        if self.fields.keys() & {"x-robots-tag", "tdm-reservation"}:
            return robots.refusal(self._response.headers)
        return None

    def failure(self) -> FetchError:
        """The failure of an answer without media; its page may say more than its status."""
        error = of_status(self.status, self._response.reason, self.fields.get("retry-after"))
        page = self.leftover()
        challenged = self.fields.get("cf-mitigated") == "challenge"
        if error.kind in ("blocked", "server_error") and (challenged or body.asks_who(page)):
            said = f"{KINDS['bot_check'].means}: HTTP {self.status}"
            return FetchError("bot_check", said, retry_after_s=error.retry_after_s)
        return error

    def leftover(self) -> bytes:
        """Read what is left, if it is little; what is longer, or breaks, costs the connection."""
        try:
            page = self._response.read(LEFTOVER_BYTES)
        except (OSError, http.client.HTTPException):  # what the status says counts
            page = b""
        left = self._response.length != 0 and len(page) in (0, LEFTOVER_BYTES)
        self._response.will_close = self._response.will_close or left
        return page

    def beginning(self, size: int) -> bytes:
        """Read the first bytes, less only where there are no more; the rest costs the connection.

        Raises:
            OSError: The connection breaks.
        """
        begins = self._response.read(size)
        self._response.will_close = self._response.will_close or self._response.length != 0
        return begins

    def take(self, part: Part, limits: Limits, alive: Callable[[], None]) -> None:
        """Put the body where it belongs, all of it.

        Raises:
            FetchError: It is not what was asked for, or not whole.
            OSError: The connection breaks, or the disk is full.
        """
        encoding = self.fields.get("content-encoding", "").strip().lower() or "identity"
        total = body.declared(self.fields)
        if self.status in (206, 416):
            if self.status == 416 or encoding != "identity" or not part.fits(self.fields):
                part.discard()
                raise FetchError("truncated", "the server sends another part than was asked for")
            part.go_on()
        else:
            part.begin(self.fields, total, again=encoding == "identity")
        if total is not None and part.size + total > limits.max_bytes:
            raise body.too_big(part.size + total, limits)
        came: Iterator[body.Chunk] = body.chunks(self._response, total, limits, alive)
        if encoding != "identity":
            came = body.inflated(came, encoding, limits)
        body.store(came, part, limits, self.fields.get("content-type", ""))
        if self.connection.surplus(self._response):
            part.discard()
            raise FetchError("truncated", "more bytes came than were declared")
        if encoding == "identity":
            part.check_whole()
