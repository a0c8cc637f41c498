"""Serve the same bytes for every path: a process of its own, so that it takes no time from others.

One thread waits for all connections, and sends without copying, so that the clients are measured
and not the server. `python -m acav1m.bench.file_server BYTES DELAY_S` prints its port and serves
until its input ends.
"""

from __future__ import annotations

import hashlib
import heapq
import random
import selectors
import signal
import socket
import sys
import time
from collections import deque

HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: {}\r\nETag: "1"\r\n\r\n'
BEGINNING = b"\x00\x00\x00\x18ftypmp42"
END = b"\r\n\r\n"


def content(size: int) -> bytes:
    """The bytes of every file."""
    return BEGINNING + random.Random(size).randbytes(size - len(BEGINNING))


def sha256(size: int) -> str:
    """Their checksum."""
    return hashlib.sha256(content(size)).hexdigest()


class Client:
    """One connection: what of a request came, and what of answers is still to go."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.rest = b""
        self.due: deque[memoryview] = deque()

    def requests(self) -> int:
        """How many more came; -1 once the client went away."""
        try:
            data = self.sock.recv(1 << 16)
        except ConnectionError:
            data = b""
        *whole, self.rest = (self.rest + data).split(END)
        return len(whole) if data else -1

    def send(self) -> bool:
        """Send what goes; whether more is to go."""
        while self.due:
            try:
                sent = self.sock.send(self.due[0])
            except BlockingIOError:
                return True
            except ConnectionError:
                self.due.clear()
                return False
            self.due[0] = self.due[0][sent:]
            if not self.due[0]:
                self.due.popleft()
        return False


class Server:
    """Answers each request, `delay_s` after it came."""

    def __init__(self, size: int, delay_s: float) -> None:
        self._answer = memoryview(HEAD.format(size).encode() + content(size))
        self._delay_s = delay_s
        self._later: list[tuple[float, int, Client]] = []
        self._asked = 0
        self._selector = selectors.DefaultSelector()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._selector.register(self._listening, selectors.EVENT_READ)
        self.port: int = self._listening.getsockname()[1]

    def serve(self) -> None:
        """Serve until standard input ends."""
        self._selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            wait_s = max(0.0, self._later[0][0] - time.monotonic()) if self._later else None
            for key, events in self._selector.select(wait_s):
                if key.fileobj is sys.stdin:
                    return
                self._serve(key.data, events)
            while self._later and self._later[0][0] <= time.monotonic():
                self._give(heapq.heappop(self._later)[2])

    def _serve(self, client: Client | None, events: int) -> None:
        if client is None:
            self._accept()
        elif events & selectors.EVENT_WRITE:
            self._go_on(client)
        else:
            self._take(client)

    def _accept(self) -> None:
        sock, _ = self._listening.accept()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(sock, selectors.EVENT_READ, Client(sock))

    def _take(self, client: Client) -> None:
        count = client.requests()
        if count < 0:
            self._selector.unregister(client.sock)
            client.sock.close()
        for _ in range(count):
            if not self._delay_s:
                self._give(client)
                continue
            self._asked += 1
            heapq.heappush(self._later, (time.monotonic() + self._delay_s, self._asked, client))

    def _give(self, client: Client) -> None:
        waiting = bool(client.due)
        client.due.append(self._answer)
        if client.sock.fileno() >= 0 and not waiting and client.send():
            self._selector.modify(client.sock, selectors.EVENT_WRITE, client)

    def _go_on(self, client: Client) -> None:
        if not client.send():
            self._selector.modify(client.sock, selectors.EVENT_READ, client)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the end of the input ends us
    server = Server(int(sys.argv[1]), float(sys.argv[2]))
    print(server.port, flush=True)
    server.serve()
