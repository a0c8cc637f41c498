"""A real HTTP server on the loopback interface that misbehaves as it is told."""

from __future__ import annotations

import asyncio
import gzip
import random
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
MEDIA = b"\x00\x00\x00\x18ftypmp42" + random.Random(1).randbytes(1 << 20)
"""A megabyte that looks like the beginning of an MP4."""

PAGE = b"<!DOCTYPE html><html><body>No such video</body></html>"


class Server:
    """Paths and what they answer; of several answers each is given once, the last for ever."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.answers: dict[str, list[Answer]] = {}
        self.default: Answer | None = None
        self.asked: Counter[str] = Counter()
        self.headers: list[dict[str, str]] = []
        self.busy = self.busiest = 0
        self._transports: set[Any] = set()
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Server:
        self._thread.start()
        assert self._started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def url(self, path: str, *answers: Answer) -> str:
        """Give a path its answers; returns its URL."""
        self.answers[path] = list(answers)
        return f"http://127.0.0.1:{self.port}{path}"

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._main())
        self._loop.close()

    async def _main(self) -> None:
        self._stop = asyncio.Event()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self._tls)
        await site.start()
        self.port: int = runner.addresses[0][1]
        self._started.set()
        await self._stop.wait()
        for transport in self._transports:
            transport.abort()
        await runner.cleanup()
        await asyncio.sleep(0.02)  # so that what was aborted is closed before the loop ends

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked[request.path] += 1
        self.headers.append(dict(request.headers))
        self._transports.add(_transport(request))
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            answers = self.answers.get(request.path, [])
            one = answers.pop(0) if len(answers) > 1 else answers[0] if answers else self.default
            return await (one or status(404))(request)
        finally:
            self.busy -= 1


def good(
    content: bytes = MEDIA,
    content_type: str = "video/mp4",
    *,
    etag: str | None = '"one"',
    **more: str,
) -> Answer:
    """A file, of which parts may be asked for."""

    async def answer(request: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": content_type, "Accept-Ranges": "bytes", **more}
        if etag:
            headers["ETag"] = etag
        span = request.headers.get("Range")
        same = request.headers.get("If-Range", etag) in (etag, more.get("Last-Modified"))
        if span is None or not same:
            return web.Response(body=content, headers=headers)
        first, _, last = span.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last or len(content)) + 1, len(content))
        if start >= len(content):
            return web.Response(status=416, headers={"Content-Range": f"bytes */{len(content)}"})
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(content)}"
        return web.Response(status=206, body=content[start:end], headers=headers)

    return answer


def status(code: int, body: bytes = b"", **headers: str) -> Answer:
    """A status without media; header names are given with underscores."""

    async def answer(_: web.Request) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=code, body=body, headers=named)

    return answer


def redirect(location: str, code: int = 302) -> Answer:
    """A redirect, wherever it leads."""
    return status(code, Location=location)


def broken(
    sent: int, content: bytes = MEDIA, *, reset: bool = False, etag: str = '"one"'
) -> Answer:
    """Declares all, sends some, and goes away: politely, or with a reset."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "video/mp4", "ETag": etag, "Content-Length": str(len(content))}
        )
        await response.prepare(request)
        await response.write(content[:sent])
        await asyncio.sleep(0.05)
        transport = _transport(request)
        if reset:
            linger = struct.pack("ii", 1, 0)
            transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, linger
            )
            transport.abort()
        else:
            transport.close()
        return response

    return answer


def raw(*pieces: bytes, every_s: float = 0.0, close: bool = True) -> Answer:
    """These very bytes on the connection, with a pause after each."""

    async def answer(request: web.Request) -> web.StreamResponse:
        transport = _transport(request)
        for piece in pieces:
            transport.write(piece)
            await asyncio.sleep(every_s)
        if close:
            transport.close()
        await asyncio.sleep(3600)
        return web.Response()

    return answer


def drip(
    content: bytes = MEDIA,
    piece: int = 100,
    every_s: float = 0.05,
    code: int = 200,
    **more: str,
) -> Answer:
    """A file in small pieces."""

    async def answer(request: web.Request) -> web.StreamResponse:
        headers = {"Content-Length": str(len(content)), **more}
        response = web.StreamResponse(status=code, headers=headers)
        await response.prepare(request)
        for start in range(0, len(content), piece):
            await response.write(content[start : start + piece])
            await asyncio.sleep(every_s)
        return response

    return answer


def chunked(content: bytes = MEDIA) -> Answer:
    """A file whose length is not declared."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "video/mp4"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        for start in range(0, len(content), 50_000):
            await response.write(content[start : start + 50_000])
        await response.write_eof()
        return response

    return answer


def compressed(content: bytes, encoding: str = "gzip", content_type: str = "video/mp4") -> Answer:
    """Compressed though nobody asked."""
    packed = gzip.compress(content)
    return status(200, packed, Content_Encoding=encoding, Content_Type=content_type)


def silent() -> Answer:
    """Never answers."""

    async def answer(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(3600)
        return web.Response()

    return answer


def endless(piece: bytes = MEDIA) -> Answer:
    """A file without an end, as fast as it can be taken."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        while True:
            await response.write(piece)

    return answer


def misbehaviours(content: bytes) -> dict[str, tuple[str, Answer | str]]:
    """What may go wrong with a file, and the kind of failure that it is; or a URL that is wrong."""
    page = b"<html>to go on, solve this captcha</html>"
    return {
        "404": ("not_found", status(404)),
        "410": ("removed", status(410)),
        "401": ("private", status(401)),
        "400": ("bad_request", status(400)),
        "403": ("blocked", status(403)),
        "451": ("geo_blocked", status(451)),
        "429 and when to come again": ("rate_limited", status(429, Retry_After="1")),
        "503": ("server_error", status(503)),
        "never answers": ("timeout", silent()),
        "slow drip": ("timeout", drip(content, piece=10, every_s=0.05)),
        "early close": ("truncated", broken(1000, content, etag="")),
        "declares too little": ("truncated", raw(_declared(content, -500))),
        "declares too much": ("truncated", raw(_declared(content, 500))),
        "reset": ("reset", broken(0, content, reset=True)),
        "garbage for HTTP": ("reset", raw(b"\x16\x03\x01\x00\x02")),
        "HTML as mp4": ("not_media", good(PAGE)),
        "nothing": ("not_media", good(b"")),
        "captcha": ("bot_check", good(page)),
        "captcha with 403": ("bot_check", status(403, page)),
        "gzip bomb": ("too_big", compressed(content[:24] + bytes(10**6))),
        "noai": ("noai", good(content, **{"X-Robots-Tag": "noai"})),
        "redirect loop": ("redirect_loop", redirect("?again")),
        **{
            f"redirect to {where}": ("refused_address", redirect(f"http://{where}/clip.mp4"))
            for where in NOT_PUBLIC
        },
        "redirect to a file": ("refused_address", redirect("file:///etc/passwd")),
        "at a private address": ("refused_address", "http://192.168.0.1/clip.mp4"),
        "of another scheme": ("refused_address", "ftp://media.example/clip.mp4"),
    }


NOT_PUBLIC = (
    "127.0.0.2",
    "169.254.169.254",
    "10.0.0.1",
    "[::1]",
    "[::ffff:10.0.0.1]",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "[64:ff9b::a9fe:a9fe]",
    "2130706433",
)
"""Addresses that nobody may be led to, in the forms that they come in."""


def moods(content: bytes) -> dict[str, tuple[Answer, ...]]:
    """What a good file may come with, all of which must bring it."""
    return {
        "without a type": (good(content, ""),),
        "of a wrong type": (good(content, "text/html"),),
        "without a length": (chunked(content),),
        "compressed": (compressed(content),),
        "503 once": (status(503), good(content)),
        "429 once": (status(429, Retry_After="1"), good(content)),
        "broken, then the rest": (broken(2000, content), good(content)),
        "broken, and Range is ignored": (broken(2000, content), chunked(content)),
        "broken, and then another": (broken(2000, content), good(content, etag='"two"')),
        "reset once": (broken(0, content, reset=True), good(content)),
        "redirected": (redirect("?moved"), good(content)),
    }


def _declared(content: bytes, more: int) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content) + more}\r\n\r\n"
    return head.encode() + content


def _transport(request: web.Request) -> Any:
    assert request.transport is not None
    return request.transport
