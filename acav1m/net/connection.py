"""Connections to checked addresses, kept open between requests, with a limit on every wait.

The address that was checked is the one that is connected to, while the Host header and the name
that TLS proves stay those of the URL, and no read can outlast the limits.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import suppress
from math import inf
from typing import TYPE_CHECKING

from acav1m.net.inflow import Inflow
from acav1m.net.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from acav1m.net.address import Addresses
    from acav1m.net.limits import Limits
    from acav1m.net.parser import Head
    from acav1m.net.target import Target

TRIED_ADDRESSES = 4
IDLE_S = 10.0
"""A connection unused for longer is closed; most servers do so themselves soon after."""

IDLE_CONNECTIONS = 64


class Connection:
    """One connection to a host, made when the first request is sent."""

    def __init__(
        self,
        target: Target,
        addresses: Addresses,
        limits: Limits,
        context: Callable[[], ssl.SSLContext],
        clock: Callable[[], float],
    ) -> None:
        self.place = (target.scheme, target.host, target.port)
        self.inflow: Inflow | None = None
        """What comes over it; None until it is connected."""

        self.used_s = -inf
        self._target = target
        self._addresses = addresses
        self._limits = limits
        self._context = context
        self._clock = clock

    def ask(self, target: Target, lines: str) -> tuple[Head, Inflow]:
        """Send a request, and read the answer up to its body.

        `lines` are header fields beside Host, each with its end.

        Raises:
            FetchError: An address is not allowed.
            OSError: There is no connection, or it breaks.
            http.client.HTTPException: The answer is not HTTP.
        """
        inflow = self.inflow = self.inflow or Inflow(self._connected())
        start_s = self._clock()
        inflow.wire.deadline_s = start_s + self._limits.answer_s
        request = f"GET {target.path} HTTP/1.1\r\nHost: {target.netloc}\r\n{lines}\r\n"
        inflow.wire.send(request.encode("latin-1"))
        head = inflow.head()
        inflow.wire.deadline_s = start_s + self._limits.max_s
        return head, inflow

    def close(self) -> None:
        """Close it."""
        if self.inflow is not None:
            self.inflow.wire.close()
            self.inflow = None

    def _connected(self) -> Wire:
        """Connect to one of the addresses that were checked just now."""
        sock = dial(self._addresses.of(self._target), self._target.port, self._limits.connect_s)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._target.scheme == "https":
            sock = self._secured(sock)
        return Wire(sock, self._limits.idle_s, self._clock)

    def _secured(self, sock: socket.socket) -> ssl.SSLSocket:
        try:
            return self._context().wrap_socket(sock, server_hostname=self._target.host)
        except BaseException:
            sock.close()
            raise


def dial(addresses: list[str], port: int, connect_s: float) -> socket.socket:
    """Connect to the first of some checked addresses that answers.

    Raises:
        OSError: None does.
    """
    *others, last = addresses[:TRIED_ADDRESSES]
    for address in others:
        with suppress(OSError):
            return socket.create_connection((address, port), connect_s)
    return socket.create_connection((last, port), connect_s)


class Connections:
    """Those that are open and idle, for any thread to go on with."""

    def __init__(
        self,
        addresses: Addresses,
        limits: Limits,
        context: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._new = (addresses, limits, self._context, clock)
        self._clock = clock
        self._tls = context
        self._idle: list[Connection] = []
        self._lock = threading.Lock()

    def take(self, target: Target) -> Connection:
        """A connection to the target's host; it has an inflow if it was used before."""
        place = (target.scheme, target.host, target.port)
        while (found := self._reusable(place)) is not None:
            inflow = found.inflow
            if inflow is not None and not inflow.wire.more():  # else it was closed, or garbage came
                return found
            found.close()
        return Connection(target, *self._new)

    def fresh(self, target: Target) -> Connection:
        """A new one."""
        return Connection(target, *self._new)

    def give_back(self, connection: Connection) -> None:
        """Keep one whose answer was read to its end."""
        connection.used_s = self._clock()
        with self._lock:
            self._idle.append(connection)
            dropped = self._idle.pop(0) if len(self._idle) > IDLE_CONNECTIONS else None
        if dropped is not None:
            dropped.close()

    def close(self) -> None:
        """Close all that are idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _context(self) -> ssl.SSLContext:
        """Who is to be trusted; read when it is needed first, for it takes a while."""
        with self._lock:
            if self._tls is None:
                self._tls = ssl.create_default_context()
            return self._tls

    def _reusable(self, place: tuple[str, str, int]) -> Connection | None:
        with self._lock:
            for index in reversed(range(len(self._idle))):
                connection = self._idle[index]
                if connection.place == place:
                    del self._idle[index]
                    if self._clock() - connection.used_s <= IDLE_S:
                        return connection
                    connection.close()
        return None
