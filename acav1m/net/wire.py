"""A socket as `http.client` uses it, with a limit on every wait."""

from __future__ import annotations

import io
import select
import socket
import ssl
import struct
from math import inf
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

BUFFER_BYTES = 1 << 14
LARGE_BYTES = 1 << 16
"""From here on a read waits until all is there, or the time is over, and gives what came."""

OVER = "the time for it is over"


class Wire:
    """A socket as `http.client` uses it."""

    def __init__(self, sock: socket.socket, idle_s: float, clock: Callable[[], float]) -> None:
        self.sock = sock
        self.deadline_s = inf
        self.at_once = False
        """Give only what is there already, instead of waiting for it."""

        self._idle_s = idle_s
        self._clock = clock
        self._patience_s = inf
        self._readers = 0
        self._secured = isinstance(sock, ssl.SSLSocket)
        if not self._secured:
            sock.settimeout(None)  # with a timeout of its own, Python polls before each read
        self._closed = False

    def makefile(self, _mode: str = "rb", *_: Any) -> io.BufferedReader:
        """Open a stream for one answer; the socket stays open until it is closed."""
        self._readers += 1
        return io.BufferedReader(_Reader(self), BUFFER_BYTES)

    def sendall(self, data: bytes) -> None:
        """Send a request."""
        self._be_patient()
        try:
            self.sock.sendall(data)
        except (BlockingIOError, TimeoutError) as error:
            raise self._over() from error

    def receive_into(self, buffer: WriteableBuffer) -> int | None:
        """Take what comes next, within the limits."""
        if self.at_once and not self.more():
            return None
        self._be_patient()
        try:
            return self.sock.recv_into(buffer, 0, self._flags(buffer))
        except (BlockingIOError, TimeoutError) as error:
            raise self._over() from error

    def _flags(self, buffer: WriteableBuffer) -> int:
        """Have a large buffer filled: each call costs threads a wait for one another."""
        large = memoryview(buffer).nbytes >= LARGE_BYTES and not self._secured and not self.at_once
        return socket.MSG_WAITALL if large else 0

    def more(self) -> bool:
        """Whether something is there to be read, be it the end."""
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        pending = self.sock.pending() if isinstance(self.sock, ssl.SSLSocket) else 0
        return bool(pending or poll.poll(0))

    def close(self) -> None:
        """Close, as soon as no stream is open."""
        self._closed = True
        self._end()

    def done(self) -> None:
        """One stream is closed."""
        self._readers -= 1
        self._end()

    def _end(self) -> None:
        if self._closed and not self._readers:
            self.sock.close()

    def _be_patient(self) -> None:
        """Wait for as long as the limits allow."""
        left_s = self.deadline_s - self._clock()
        if left_s <= 0:
            raise TimeoutError(OVER)
        patience_s = min(self._idle_s, left_s)
        if patience_s != self._patience_s:
            self._patience_s = patience_s
            self._have_kernel_wait(patience_s)

    def _have_kernel_wait(self, seconds: float) -> None:
        if self._secured:  # here Python would ask the kernel again and again
            self.sock.settimeout(seconds)
            return
        limit = struct.pack("ll", int(seconds), int(seconds % 1 * 1e6) or 1)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)

    def _over(self) -> TimeoutError:
        idle = f"no byte for {self._idle_s:g} s"
        return TimeoutError(OVER if self._patience_s < self._idle_s else idle)


class _Reader(io.RawIOBase):
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        return self._wire.receive_into(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._wire.done()
