"""Take the body of an answer to the disk, and stop as soon as it is not what was asked for."""

from __future__ import annotations

import time
import zlib
from typing import TYPE_CHECKING

from acav1m.errors import ClipError
from acav1m.media import sniff
from acav1m.net.inflow import BUFFER_BYTES
from acav1m.net.outcome import KINDS, QUOTED, FetchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from acav1m.net.inflow import Inflow
    from acav1m.net.limits import Limits
    from acav1m.net.part import Part

PLAIN_BYTES = 1 << 18
"""Inflated at once."""

PROMPT_S = 0.25
"""Full buffers are waited for where they come within this; else signs of life would not."""

HEAD_BYTES = 4096
"""Looked at before anything is kept."""

ALIVE_EVERY_S = 1.0
_ROBOT_WORDS = (b"captcha", b"unusual traffic", b"not a robot", b"just a moment", b"are human")


_NOT_CODED = frozenset({"", "identity", "none", "binary", "8bit", "utf-8", "aws-chunked"})
"""No content codings, or none of what is sent: stores repeat what they were told at the upload."""


def coding(fields: Mapping[str, str]) -> str | None:
    """The Content-Encoding that must be undone, None for bytes as they are.

    >>> coding({"content-encoding": "aws-chunked"}), coding({"content-encoding": "GZip"})
    (None, 'gzip')
    """
    said = fields.get("content-encoding", "").strip().lower()
    return None if said in _NOT_CODED else said


def chunks(
    inflow: Inflow,
    total: int | None,
    limits: Limits,
    alive: Callable[[], None],
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[bytes]:
    """Yield the body, of which `total` bytes were declared.

    Raises:
        FetchError: It is cut short, or comes too slowly.
        OSError: The connection breaks.
    """
    received = window_bytes = 0
    window_s = alive_s = read_s = clock()
    fill = False  # some came with the head
    while chunk := inflow.body(fill=fill):
        received += len(chunk)
        window_bytes += len(chunk)
        yield chunk
        now_s = clock()
        fill = len(chunk) * PROMPT_S > BUFFER_BYTES * (now_s - read_s)
        read_s = now_s
        if now_s - alive_s >= ALIVE_EVERY_S:
            alive_s = now_s
            alive()
        if now_s - window_s >= limits.slow_s:
            _refuse_slow(window_bytes / (now_s - window_s), limits)
            window_s, window_bytes = now_s, 0
    if total is not None and received < total:
        raise FetchError("truncated", f"{received} bytes came of the {total} that were declared")


def _refuse_slow(bytes_per_s: float, limits: Limits) -> None:
    if bytes_per_s < limits.slowest_bytes_per_s:
        said = f"{bytes_per_s:.0f} bytes/s over {limits.slow_s:g} s"
        raise FetchError("timeout", f"it came too slowly: {said}")


def inflated(body: Iterator[bytes], encoding: str, limits: Limits) -> Iterator[bytes]:
    """Undo a Content-Encoding, though none was asked for; a little body cannot become a huge one.

    Raises:
        FetchError: It inflates too far, or cannot be inflated.
    """
    if encoding not in ("gzip", "x-gzip", "deflate"):
        said = f"was sent compressed ({encoding[:QUOTED]}), which was not asked for"
        raise FetchError("not_media", said)
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)
    came, made = 0, 0
    for chunk in body:
        came += len(chunk)
        packed = chunk
        while packed:
            try:
                plain = inflater.decompress(packed, PLAIN_BYTES)
            except zlib.error as error:
                raise FetchError("truncated", f"cannot be inflated: {error}") from error
            made += len(plain)
            if made > limits.inflation * came + PLAIN_BYTES:
                said = f"{came} bytes inflate to over {made}"
                raise FetchError("too_big", f"was sent compressed, and {said}")
            yield plain
            packed = inflater.unconsumed_tail
    yield inflater.flush()
    if not inflater.eof:
        raise FetchError("truncated", "the compressed body has no end")


def store(body: Iterator[bytes], part: Part, limits: Limits, content_type: str) -> None:
    """Append the body to the part, its first bytes once they were looked at.

    Raises:
        FetchError: It is no media, or too large.
    """
    head, looking = b"", part.is_media and part.size == 0
    for chunk in body:
        if looking:
            if head or len(chunk) < HEAD_BYTES:
                chunk = head = head + chunk
                if len(head) < HEAD_BYTES:
                    continue
            refuse(chunk[:HEAD_BYTES], content_type)
            looking = False
        if part.size + len(chunk) > limits.max_bytes:
            raise too_big(part.size + len(chunk), limits)
        part.write(chunk)
    if looking:
        refuse(head, content_type)
        part.write(head)


def refuse(head: bytes, content_type: str) -> None:
    """Raise where the first bytes are surely no media; the bytes count, not what is declared.

    Raises:
        FetchError: `not_media`, or `bot_check` for a page that asks who we are.
    """
    if not head:
        raise FetchError("not_media", "the server sent nothing (0 bytes)")
    try:
        sniff.refuse_head(head)
    except ClipError as error:
        if asks_who(head):
            raise FetchError("bot_check", f"{KINDS['bot_check'].means}, on a page") from None
        said = f"{error.message} (declared as {content_type[:QUOTED] or 'nothing'})"
        raise FetchError(error.kind, said) from None


def asks_who(page: bytes) -> bool:
    """Whether a page wants proof that we are no robot."""
    lower = page.lower()
    return any(words in lower for words in _ROBOT_WORDS)


def too_big(size: int, limits: Limits) -> FetchError:
    """The failure of a body over the limit."""
    return FetchError("too_big", f"has {size} bytes or more; the limit is {limits.max_bytes}")
