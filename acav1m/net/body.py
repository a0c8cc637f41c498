"""Take the body of an answer to the disk, and stop as soon as it is not what was asked for."""

from __future__ import annotations

import time
import zlib
from typing import TYPE_CHECKING

from acav1m.errors import ClipError
from acav1m.media import sniff
from acav1m.net.outcome import FetchError

if TYPE_CHECKING:
    import http.client
    from collections.abc import Callable, Iterator, Mapping

    from acav1m.net.limits import Limits
    from acav1m.net.part import Part

CHUNK_BYTES = 1 << 18
Chunk = bytes | memoryview
HEAD_BYTES = 4096
"""Looked at before anything is kept."""

ALIVE_EVERY_S = 1.0
_ROBOT_WORDS = (b"captcha", b"unusual traffic", b"not a robot", b"just a moment", b"are human")


def declared(fields: Mapping[str, str]) -> int | None:
    """Bytes that the body will have, None if the answer does not say."""
    text = fields.get("content-length", "").strip()
    plain = text.isascii() and text.isdigit() and not fields.get("transfer-encoding")
    return int(text) if plain else None


def chunks(
    response: http.client.HTTPResponse,
    total: int | None,
    limits: Limits,
    alive: Callable[[], None],
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[memoryview]:
    """Yield the body, of `total` bytes if that is known; each chunk is good until the next.

    Raises:
        FetchError: It is cut short, or comes too slowly.
        OSError: The connection breaks.
    """
    buffer = memoryview(bytearray(CHUNK_BYTES))
    received = window_bytes = 0
    window_s = alive_s = clock()
    first = buffer[:HEAD_BYTES]
    while size := _next(response, buffer if received else first, total, received):
        received += size
        window_bytes += size
        yield buffer[:size]
        now_s = clock()
        if now_s - alive_s >= ALIVE_EVERY_S:
            alive_s = now_s
            alive()
        if now_s - window_s >= limits.slow_s:
            _refuse_slow(window_bytes / (now_s - window_s), limits)
            window_s, window_bytes = now_s, 0
    if total is not None and received < total:
        raise FetchError("truncated", f"{received} bytes came of the {total} that were declared")


def _next(
    response: http.client.HTTPResponse, buffer: memoryview, total: int | None, received: int
) -> int:
    if total is None:
        chunk = response.read1(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)
    # Some versions of `read1` close the stream at its end; we look there for bytes too many.
    return response.fp.readinto1(buffer[: total - received]) if received < total else 0


def _refuse_slow(bytes_per_s: float, limits: Limits) -> None:
    if bytes_per_s < limits.slowest_bytes_per_s:
        said = f"{bytes_per_s:.0f} bytes/s over {limits.slow_s:g} s"
        raise FetchError("timeout", f"it came too slowly: {said}")


def inflated(body: Iterator[Chunk], encoding: str, limits: Limits) -> Iterator[Chunk]:
    """Undo a Content-Encoding, though none was asked for; a little body cannot become a huge one.

    Raises:
        FetchError: It inflates too far, or cannot be inflated.
    """
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FetchError("not_media", f"was sent compressed ({encoding}), which was not asked for")
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)
    came, made = 0, 0
    for chunk in body:
        came += len(chunk)
        packed = bytes(chunk)
        while packed:
            try:
                plain = inflater.decompress(packed, CHUNK_BYTES)
            except zlib.error as error:
                raise FetchError("truncated", f"cannot be inflated: {error}") from error
            made += len(plain)
            if made > limits.inflation * came + CHUNK_BYTES:
                said = f"{came} bytes inflate to over {made}"
                raise FetchError("too_big", f"was sent compressed, and {said}")
            yield plain
            packed = inflater.unconsumed_tail
    yield inflater.flush()
    if not inflater.eof:
        raise FetchError("truncated", "the compressed body has no end")


def store(body: Iterator[Chunk], part: Part, limits: Limits, content_type: str) -> None:
    """Append the body to the part, its first bytes once they were looked at.

    Raises:
        FetchError: It is no media, or too large.
    """
    head, looking = b"", part.is_media and part.size == 0
    for chunk in body:
        if looking:
            head += chunk
            if len(head) < HEAD_BYTES:
                continue
            refuse(head, content_type)
            chunk, looking = head, False
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
        said = f"{error.message} (declared as {content_type or 'nothing'})"
        raise FetchError("bot_check" if asks_who(head) else error.kind, said) from None


def asks_who(page: bytes) -> bool:
    """Whether a page wants proof that we are no robot."""
    lower = page.lower()
    return any(words in lower for words in _ROBOT_WORDS)


def too_big(size: int, limits: Limits) -> FetchError:
    """The failure of a body over the limit."""
    return FetchError("too_big", f"has {size} bytes or more; the limit is {limits.max_bytes}")
