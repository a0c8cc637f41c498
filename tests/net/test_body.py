"""How the body of an answer is taken in."""

from __future__ import annotations

from collections.abc import Iterator

from acav1m.net import body
from acav1m.net.limits import Limits


class Framed:
    """A body whose chunks take their time."""

    total = None

    def __init__(self, chunks: list[tuple[int, float]]) -> None:
        self.now_s = 0.0
        self.filled: list[bool] = []
        self._chunks: Iterator[tuple[int, float]] = iter(chunks)

    def read(self, most: int, *, fill: bool = False) -> memoryview:
        self.filled.append(fill)
        size, took_s = next(self._chunks, (0, 0.0))
        self.now_s += took_s
        return memoryview(bytes(min(size, most)))

    def clock(self) -> float:
        return self.now_s


def test_whole_chunks_are_waited_for_only_where_they_come_soon():
    whole, some = body.CHUNK_BYTES, 10_000
    framed = Framed([(some, 0.0), (whole, 0.1), (whole, 2.0), (some, 0.2), (some, 0.001)])
    lives: list[float] = []
    came = body.chunks(framed, Limits(), lambda: lives.append(framed.now_s), framed.clock)
    assert sum(map(len, came)) == 2 * whole + 3 * some
    assert framed.filled == [False, True, True, False, False, True]
    assert lives == [2.1]
