"""A socket with a limit on every wait."""

from __future__ import annotations

import select
import socket
import ssl
import struct
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

OVER = "the time for it is over"


class Wire:
    """Sends and receives, until `deadline_s` and never without a byte for longer than `idle_s`."""

    def __init__(self, sock: socket.socket, idle_s: float, clock: Callable[[], float]) -> None:
        self.sock = sock
        self.deadline_s = inf
        self._idle_s = idle_s
        self._clock = clock
        self._patience_s = inf
        self._secured = isinstance(sock, ssl.SSLSocket)
        if not self._secured:
            sock.settimeout(None)  # with a timeout of its own, Python polls before each read
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)

    def send(self, data: bytes) -> None:
        """Send all of it."""
        self._be_patient()
        try:
            self.sock.sendall(data)
        except (BlockingIOError, TimeoutError) as error:
            raise self._over() from error

    def receive_into(self, room: memoryview, *, fill: bool = False) -> int:
        """Take what comes next, 0 bytes at the end.

        With `fill` all of the room is waited for where the kernel can, or until the limit is over,
        and then what came is given: each call costs threads a wait for one another.
        """
        self._be_patient()
        flags = socket.MSG_WAITALL if fill and not self._secured else 0
        try:
            return self.sock.recv_into(room, 0, flags)
        except (BlockingIOError, TimeoutError) as error:
            raise self._over() from error

    def more(self) -> bool:
        """Whether something is there to be read, be it the end."""
        pending = self.sock.pending() if isinstance(self.sock, ssl.SSLSocket) else 0
        return bool(pending or self._poll.poll(0))

    def close(self) -> None:
        """Close the socket."""
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
