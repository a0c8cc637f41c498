"""Look at a file over HTTP without bringing it: what is said of it, and how it begins.

A GET of the first bytes rather than HEAD: many servers answer HEAD otherwise than they serve, and
only the bytes tell a video from a page that says, with status 200, that there is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from acav1m.net import body
from acav1m.net.outcome import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from acav1m.net.answer import Answer
    from acav1m.net.http import Fetcher
    from acav1m.net.target import Target

_RANGE = re.compile(r"bytes (?:0-\d+|\*)/(\d+|\*)")


@dataclass(frozen=True)
class Head:
    """What a server says of a file; None where it says nothing."""

    url: str
    """Where it lies, after all redirects."""

    bytes: int | None
    content_type: str | None
    etag: str | None
    last_modified: str | None


def look(
    fetcher: Fetcher,
    url: str,
    alive: Callable[[], None] = lambda: None,
    *,
    own: Mapping[str, str] = MappingProxyType({}),
) -> Head:
    """Ask for the first bytes of a file, paced, checked and tried again as a download is.

    `own` are headers for the URL's own host alone.

    Raises:
        FetchError: It cannot be had, or is no media.
        Blocked: It is us who are refused; nothing can be said of this file.
    """
    wanted = {"Range": f"bytes=0-{body.HEAD_BYTES - 1}"}
    return fetcher.ask(url, lambda: wanted, _head, own=own, alive=alive)


def _head(answer: Answer, target: Target, _: int) -> Head:
    fields = answer.fields
    if answer.status not in (200, 203, 206, 416):
        raise answer.failure()
    plain = body.coding(fields) is None
    whole = _whole(answer) if plain else None
    begins = answer.beginning(body.HEAD_BYTES)
    if whole is not None and len(begins) < min(whole, body.HEAD_BYTES):
        raise FetchError("truncated", f"{len(begins)} of the first bytes came")
    if plain:
        body.refuse(begins, fields.get("content-type", ""))
    return Head(
        url=target.url,
        bytes=whole,
        content_type=fields.get("content-type"),
        etag=fields.get("etag"),
        last_modified=fields.get("last-modified"),
    )


def _whole(answer: Answer) -> int | None:
    """Bytes that the whole file has, None if the answer does not say.

    Raises:
        FetchError: The server sends another part than was asked for, or there are no bytes.
    """
    if answer.status in (200, 203):
        return answer.declared
    told = _RANGE.fullmatch(answer.fields.get("content-range", "").strip())
    if told is None or (answer.status == 416 and told[1] != "0"):
        raise FetchError("truncated", "the server sends another part than was asked for")
    if told[1] == "0":
        body.refuse(b"", "")
    return None if told[1] == "*" else int(told[1])
