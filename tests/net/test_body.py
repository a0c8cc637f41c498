"""How the body of an answer is taken in."""

from __future__ import annotations

from collections.abc import Iterator

from acav1m.net import body
from acav1m.net.inflow import BUFFER_BYTES
from acav1m.net.limits import Limits


class Inflow:
    """A body whose chunks take their time."""

    def __init__(self, chunks: list[tuple[int, float]]) -> None:
        self.now_s = 0.0
        self.filled: list[bool] = []
        self._chunks: Iterator[tuple[int, float]] = iter(chunks)

    def body(self, *, fill: bool = False) -> bytes:
        self.filled.append(fill)
        size, took_s = next(self._chunks, (0, 0.0))
        self.now_s += took_s
        return bytes(size)

    def clock(self) -> float:
        return self.now_s


def test_full_buffers_are_waited_for_only_where_they_come_soon():
    whole, some = BUFFER_BYTES, 10_000
    inflow = Inflow([(some, 0.0), (whole, 0.1), (whole, 2.0), (some, 0.2), (some, 0.001)])
    lives: list[float] = []
    came = body.chunks(inflow, None, Limits(), lambda: lives.append(inflow.now_s), inflow.clock)
    assert sum(map(len, came)) == 2 * whole + 3 * some
    assert inflow.filled == [False, True, True, False, False, True]
    assert lives == [2.1]
