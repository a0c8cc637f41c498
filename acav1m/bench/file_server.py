"""Serve the same bytes for every path: a process of its own, so that it takes no time from others.

`python -m acav1m.bench.file_server BYTES DELAY_S` prints its port and serves until its input ends.
"""

from __future__ import annotations

import asyncio
import random
import sys

HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: {}\r\nETag: "1"\r\n\r\n'
BEGINNING = b"\x00\x00\x00\x18ftypmp42"
END = b"\r\n\r\n"


class Connection(asyncio.Protocol):
    """Answers each request, `delay_s` after it came."""

    def __init__(self, answer: bytes, delay_s: float) -> None:
        self._answer = answer
        self._delay_s = delay_s
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Some of a request, or of several."""
        *requests, self._rest = (self._rest + data).split(END)
        for _ in requests:
            asyncio.get_running_loop().call_later(self._delay_s, self._send)

    def _send(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(self._answer)


async def serve(size: int, delay_s: float) -> None:
    """Serve until standard input ends."""
    body = BEGINNING + random.Random(size).randbytes(size - len(BEGINNING))
    answer = HEAD.format(size).encode() + body
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(answer, delay_s), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
