"""One answer to a request: what it says, and its body on the way to the disk."""

from __future__ import annotations

from email.message import Message
from http.client import HTTPException
from typing import TYPE_CHECKING

from acav1m.net import body, robots
from acav1m.net.outcome import KINDS, FetchError, of_status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from acav1m.net.connection import Connection
    from acav1m.net.inflow import Inflow
    from acav1m.net.limits import Limits
    from acav1m.net.parser import Head
    from acav1m.net.part import Part

LEFTOVER_BYTES = 64 * 1024
"""The body of an answer without media is read up to here, so that its connection can go on."""


class Answer:
    """Status and headers are there; the body is still to come."""

    def __init__(self, head: Head, inflow: Inflow, connection: Connection) -> None:
        self.connection = connection
        self.status = head.status
        self.fields = head.fields
        """Headers by name in lower case; of one that is repeated, the last."""

        self.declared = head.length
        """Bytes that the body will have, None if the answer does not say."""

        self._head = head
        self._inflow = inflow

    @property
    def reusable(self) -> bool:
        """Whether its connection can go on: the body came, and nothing behind it."""
        return self._head.lasts and self._inflow.done

    def refusal(self) -> str | None:
        """The header that asks not to be used for datasets, if there is one."""
        if not self.fields.keys() & {"x-robots-tag", "tdm-reservation"}:
            return None
        headers = Message()
        for name, value in self._head.lines:
            headers[name] = value
        return robots.refusal(headers)

    def failure(self) -> FetchError:
        """The failure of an answer without media; its page may say more than its status."""
        error = of_status(self.status, self._head.reason, self.fields.get("retry-after"))
        page = self.leftover()
        challenged = self.fields.get("cf-mitigated") == "challenge"
        if error.kind in ("blocked", "server_error") and (challenged or body.asks_who(page)):
            said = f"{KINDS['bot_check'].means}: HTTP {self.status}"
            return FetchError("bot_check", said, retry_after_s=error.retry_after_s)
        return error

    def leftover(self) -> bytes:
        """Read what is left, if it is little; what is longer, or breaks, costs the connection."""
        try:
            return self.beginning(LEFTOVER_BYTES)
        except (OSError, HTTPException):  # what the status says counts
            return b""

    def beginning(self, size: int) -> bytes:
        """Read the first bytes, less only where there are no more; a rest costs the connection.

        Raises:
            OSError: The connection breaks.
            http.client.HTTPException: A chunk is garbled.
        """
        begins = bytearray()
        while len(begins) < size and (piece := self._inflow.body()):
            begins += piece
        return bytes(begins[:size])

    def take(self, part: Part, limits: Limits, alive: Callable[[], None]) -> None:
        """Put the body where it belongs, all of it.

        Raises:
            FetchError: It is not what was asked for, or not whole.
            OSError: The connection breaks, or the disk is full.
        """
        coding = body.coding(self.fields)
        total = self.declared
        if self.status in (206, 416):
            if self.status == 416 or coding or not part.fits(self.fields):
                part.discard()
                raise FetchError("truncated", "the server sends another part than was asked for")
            part.go_on()
        else:
            part.begin(self.fields, total, again=coding is None)
        if total is not None and part.size + total > limits.max_bytes:
            raise body.too_big(part.size + total, limits)
        came: Iterator[bytes] = body.chunks(self._inflow, total, limits, alive)
        if coding is not None:
            came = body.inflated(came, coding, limits)
        body.store(came, part, limits, self.fields.get("content-type", ""))
        if total is not None and self._inflow.surplus():
            part.discard()
            raise FetchError("truncated", "more bytes came than were declared")
        if coding is None:
            part.check_whole()
