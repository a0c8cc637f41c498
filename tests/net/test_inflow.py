"""Bodies end where they should, however the bytes come."""

from __future__ import annotations

import http.client
import select
import socket
import time
from collections.abc import Callable, Iterator
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acav1m.net.inflow import BUFFER_BYTES, Inflow
from acav1m.net.parser import MOST_BYTES, MOST_INTERIM, Head
from acav1m.net.wire import Wire

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def declared(size: int) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size


class Line:
    """A connection of which we hold both ends."""

    def __init__(self) -> None:
        self.far, near = socket.socketpair()
        self.wire = Wire(near, 5.0, time.monotonic)
        self.inflow = Inflow(self.wire)

    def says(self, data: bytes, *, end: bool = False) -> Line:
        self.far.sendall(data)
        if end:
            self.far.shutdown(socket.SHUT_WR)
        return self

    def head(self) -> Head:
        return self.inflow.head()

    def body(self) -> bytes:
        """Head and body."""
        self.head()
        return b"".join(iter(self.inflow.body, b""))

    def close(self) -> None:
        self.far.close()
        self.wire.close()


@pytest.fixture
def line() -> Iterator[Line]:
    one = Line()
    yield one
    one.close()


def test_two_answers_follow_each_other(line):
    for said, content in [
        (declared(3) + b"one", b"one"),
        (CHUNKED + b"3\r\ntwo\r\n0\r\n\r\n", b"two"),
        (declared(0), b""),
    ]:
        assert line.says(said).body() == content
        assert line.inflow.done
        assert not line.inflow.surplus()


def test_without_a_length_the_connection_ends_the_body(line):
    assert line.says(b"HTTP/1.0 200 OK\r\n\r\nabc", end=True).body() == b"abc"
    assert line.inflow.done


def test_a_body_that_is_cut_short_has_not_ended(line):
    assert line.says(declared(5) + b"abc", end=True).body() == b"abc"
    assert not line.inflow.done


def test_chunks_may_have_extensions_and_trailers(line):
    said = b"2;a=b\r\nab\r\n0A \r\n0123456789\r\n000\r\nX-Sum: 1\r\nB: c\r\n\r\n"
    assert line.says(CHUNKED + said).body() == b"ab0123456789"
    assert line.inflow.done


@pytest.mark.parametrize("cut", [b"", b"5", b"5\r\n", b"5\r\nab", b"5\r\nabcde", b"0\r\n"])
def test_chunks_that_are_cut_short_are_no_body(line, cut):
    with pytest.raises(http.client.IncompleteRead):
        line.says(CHUNKED + cut, end=True).body()
    assert not line.inflow.done


@pytest.mark.parametrize(
    "garbled", [b"x\r\n", b"-1\r\n", b"0x5\r\nabcde\r\n", b"\r\n", b"2\r\nabc\r\n0\r\n\r\n"]
)
def test_garbled_chunks_are_no_body(line, garbled):
    with pytest.raises(http.client.HTTPException, match="chunk"):
        line.says(CHUNKED + garbled).body()


@pytest.mark.parametrize("endless", [b"0" * 9, b"1;" + b"a" * 9, b"0\r\nA: " + b"b" * 9])
def test_what_comes_around_chunks_has_an_end(line, endless):
    line.far.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    line.says(CHUNKED + b"1\r\na\r\n").head()
    assert line.inflow.body() == b"a"
    line.says(endless + endless[-1:] * MOST_BYTES)
    with pytest.raises(http.client.LineTooLong):
        line.inflow.body()


@pytest.mark.parametrize("more", [b"more", b"HTTP/1.1 200 OK\r\n\r\n", declared(2) + b"de"])
@pytest.mark.parametrize("last", [b"", b"Connection: close\r\n"])
def test_what_comes_behind_a_body_is_seen_and_is_none_of_it(line, more, last):
    said = b"HTTP/1.1 200 OK\r\n%bContent-Length: 3\r\n\r\nabc" % last
    assert line.says(said + more).body() == b"abc"
    assert line.inflow.surplus()
    assert not line.inflow.done


def test_what_is_still_on_the_wire_behind_a_body_is_seen(line):
    size = BUFFER_BYTES + 10
    line.says(declared(size)).head()
    rest, came = memoryview(bytes(size) + b"more"), 0
    line.far.setblocking(False)
    while not line.inflow.done:
        if rest:
            rest = rest[line.far.send(rest) :] if _writable(line.far) else rest
        came += len(line.inflow.body())
    line.far.setblocking(True)
    line.far.sendall(rest)
    assert came == size
    assert line.inflow.surplus()


def _writable(sock: socket.socket) -> bool:
    return bool(select.select([], [sock], [], 0)[1])


def test_the_end_of_a_connection_is_no_surplus(line):
    assert line.says(declared(3) + b"abc", end=True).body() == b"abc"
    assert not line.inflow.surplus()


def test_interim_answers_are_passed_over(line):
    line.says(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
    assert line.says(declared(1) + b"a").body() == b"a"


def test_interim_answers_have_an_end(line):
    line.says(b"HTTP/1.1 102 Processing\r\n\r\n" * (MOST_INTERIM + 1))
    with pytest.raises(http.client.HTTPException, match="interim"):
        line.inflow.head()


def test_a_switch_of_protocols_is_not_waited_out(line):
    line.says(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    assert line.inflow.head().status == 101


@pytest.mark.parametrize(
    ("said", "kind", "match"),
    [
        (b"", http.client.RemoteDisconnected, "without an answer"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n", http.client.RemoteDisconnected, "inside the header"),
    ],
)
def test_a_head_that_is_cut_short_is_none(line, said, kind, match):
    line.says(said, end=True)
    with pytest.raises(kind, match=match):
        line.inflow.head()


def test_what_speaks_another_language_is_not_waited_for(line):
    with pytest.raises(http.client.BadStatusLine):
        line.says(b"220 mail.example ESMTP\r\n").inflow.head()


def test_a_head_without_an_end_is_refused(line):
    line.far.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    line.says(b"HTTP/1.1 200 OK\r\nA: " + b"b" * (MOST_BYTES + 1000))
    with pytest.raises(http.client.LineTooLong):
        line.inflow.head()


def test_nothing_is_waited_for_longer_than_allowed():
    far, near = socket.socketpair()
    with far:
        wire = Wire(near, 0.05, time.monotonic)
        with pytest.raises(TimeoutError, match=r"no byte for 0\.05 s"):
            Inflow(wire).head()
        wire.deadline_s = time.monotonic() - 1
        with pytest.raises(TimeoutError, match="time for it is over"):
            Inflow(wire).head()
        wire.close()


@given(
    st.lists(st.binary(min_size=1, max_size=40), max_size=6),
    st.sampled_from(["chunks", "length"]),
    st.lists(st.integers(1, 60), max_size=8),
)
def test_it_is_all_the_same_in_what_pieces_bytes_come(parts, how, cuts):
    content = b"".join(parts)
    framed = {
        "chunks": lambda: (
            CHUNKED + b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in parts) + b"0\r\n\r\n"
        ),
        "length": lambda: declared(len(content)) + content,
    }
    assert _told(framed[how](), cuts) == (content, True)


def _told(data: bytes, cuts: list[int]) -> tuple[bytes, bool]:
    """A body that is sent in pieces, each once the last was read, and whether that was all."""
    starts = [0, *accumulate(cuts), len(data)]
    waiting = filter(None, (data[start:end] for start, end in pairwise(starts)))
    line = Line()
    receive, more = line.wire.receive_into, line.wire.more

    def fed(room: memoryview, *, fill: bool = False) -> int:
        if not more():
            line.far.sendall(next(waiting))
        return receive(room, fill=fill)

    line.inflow.wire = _Fed(fed)  # type: ignore[assignment]
    try:
        return line.body(), line.inflow.done
    finally:
        line.close()


class _Fed:
    """A wire that is given its next piece when it is read from."""

    def __init__(self, receive_into: Callable[..., int]) -> None:
        self.receive_into = receive_into
