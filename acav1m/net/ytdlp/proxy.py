"""A forward proxy on this machine, for what would look up and follow on its own.

ffmpeg fetches stretches of videos, libcurl pages that want a browser, and nothing tells of their
connections beforehand. Both go through an HTTP proxy when the environment names one: this one,
which connects to checked addresses only.
"""

from __future__ import annotations

import os
import re
import select
import socket
import threading
from contextlib import suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING, ClassVar

from acav1m.net.connection import dial
from acav1m.net.limits import Limits
from acav1m.net.outcome import FetchError, of_exception
from acav1m.net.target import parse, refused

if TYPE_CHECKING:
    from acav1m.net.address import Addresses
    from acav1m.net.target import Target

HEAD_BYTES = 1 << 16
CHUNK_BYTES = 1 << 16
REFUSED = 470
"""In no standard, so no other proxy means something else by it; of a tunnel, curl tells no more."""

VARIABLES = ("http_proxy", "https_proxy", "all_proxy")
"""By which ffmpeg, curl, wget and aria2c are told of a proxy."""

_HOP = re.compile(rb"(?:proxy-)?(?:connection|authorization)[ \t]*:|keep-alive[ \t]*:", re.I)
"""Header fields between two neighbours only (RFC 9110, section 7.6.1), or for proxies."""


class Proxy(ThreadingTCPServer):
    """Serves in threads until its process ends."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, addresses: Addresses, limits: Limits | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Visit)
        self.addresses = addresses
        self.limits = limits or Limits()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        """Serve from now on."""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def be_used(self) -> None:
        """Have all programs that this process starts go through it."""
        for name in VARIABLES:
            os.environ[name] = os.environ[name.upper()] = self.url
        for name in ("no_proxy", "NO_PROXY"):
            os.environ.pop(name, None)


class _Visit(StreamRequestHandler):
    """One request: it is sent on, or refused with the reason."""

    server: Proxy
    timeout: ClassVar[float] = 60.0
    rbufsize: ClassVar[int] = 0  # what follows the head is not ours to read

    def handle(self) -> None:
        """Read a request, connect, and pass on what both say."""
        with suppress(ConnectionError, TimeoutError):
            line, fields = self._head()
            method, _, rest = line.partition(b" ")
            try:
                target = _target(method, rest)
                host = self._connected(target)
            except FetchError as error:
                self._refuse(REFUSED if error.kind == "refused_address" else 502, error.message)
                return
            with host:
                if method == b"CONNECT":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                else:
                    host.sendall(_sent_on(method, target, fields))
                self._relay(host)

    def _head(self) -> tuple[bytes, list[bytes]]:
        """The request line, and the lines of its header fields."""
        lines: list[bytes] = []
        while (line := self.rfile.readline(HEAD_BYTES)).strip():
            lines.append(line.strip())
        if not lines:
            raise ConnectionError("nothing came")
        return lines[0], lines[1:]

    def _connected(self, target: Target) -> socket.socket:
        try:
            found = self.server.addresses.of(target)
            return dial(found, target.port, self.server.limits.connect_s)
        except OSError as error:
            raise of_exception(error) or FetchError("reset", str(error)) from error

    def _refuse(self, status: int, why: str) -> None:
        said = why.encode("latin-1", "replace").replace(b"\n", b" ")
        head = b"HTTP/1.1 %d %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        self.wfile.write(head % (status, said))

    def _relay(self, host: socket.socket) -> None:
        """Pass bytes both ways until the host has no more, or nobody says anything."""
        host.settimeout(self.timeout)
        to = {host: self.connection, self.connection: host}
        while ready := select.select(list(to), [], [], self.timeout)[0]:
            for one in ready:
                chunk = one.recv(CHUNK_BYTES)
                if chunk:
                    to[one].sendall(chunk)
                elif one is host:
                    return
                else:
                    del to[one]
                    host.shutdown(socket.SHUT_WR)


def _target(method: bytes, rest: bytes) -> Target:
    """Whom a request is for: CONNECT names a host and port, others have a whole URL."""
    named = rest.partition(b" ")[0].decode("latin-1")
    if method == b"CONNECT":
        return parse(f"https://{named}")
    if not named.startswith("http://"):
        raise refused("the request names no URL that begins with http://")
    return parse(named)


def _sent_on(method: bytes, target: Target, fields: list[bytes]) -> bytes:
    """The head for the host itself, which is to end the connection after its answer."""
    kept = [field for field in fields if not _HOP.match(field)]
    line = b"%s %s HTTP/1.1" % (method, target.path.encode("ascii"))
    return b"\r\n".join([line, *kept, b"Connection: close", b"\r\n"])
