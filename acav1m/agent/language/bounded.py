"""Answers of a server that end: not too long, not for too long, and not blown up afterwards."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx2
from openai import OpenAIError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 500_000
"""A plan is a few hundred; a model that thinks aloud first writes some ten thousand."""


class Endless(OpenAIError):
    """Why the rest of an answer was left unread; the client does not try such a server again."""


def client(timeout_s: float) -> httpx2.Client:
    """What talks to the server: it follows nowhere else, and reads with limits.

    A read that brings nothing for `timeout_s` ends an answer, and so does one that keeps on
    bringing a little for longer than that.
    """

    def limit(response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise Endless("the server compressed its answer, which was not asked for")
        response.stream = _Limited(response.stream, timeout_s)

    return httpx2.Client(
        timeout=timeout_s,
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [limit]},
    )


class _Limited(httpx2.SyncByteStream):
    def __init__(self, stream: Any, max_seconds: float) -> None:
        self._stream, self._max_seconds = stream, max_seconds

    def __iter__(self) -> Iterator[bytes]:
        count, end = 0, time.monotonic() + self._max_seconds
        for part in self._stream:
            count += len(part)
            if count > MAX_BYTES:
                raise Endless(f"the server's answer went on beyond {MAX_BYTES} bytes")
            if time.monotonic() > end:
                raise Endless(f"the server was not done within {self._max_seconds:g} s")
            yield part

    def close(self) -> None:
        self._stream.close()
