"""Answers are parsed as the standard library parses them, and refused where it guesses."""

from __future__ import annotations

import http.client
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acav1m.net.parser import MOST_FIELDS, Head, Parser

OK = b"HTTP/1.1 200 OK\r\n"


def parsed(text: bytes) -> Parser:
    parser = Parser()
    parser.feed(memoryview(text))
    return parser


def head(*fields: bytes, first: bytes = OK) -> Head:
    found = parsed(first + b"".join(field + b"\r\n" for field in fields) + b"\r\n").head
    assert found is not None
    return found


def test_status_and_fields_are_read():
    found = head(b"Content-Type: video/mp4", b'ETag:  "a:b" ', b"Content-Length: 12")
    assert (found.status, found.reason) == (200, "OK")
    assert found.fields == {"content-type": "video/mp4", "etag": '"a:b"', "content-length": "12"}
    assert (found.length, found.chunked, found.lasts) == (12, False, True)


def test_of_a_repeated_field_the_last_counts_and_all_are_kept():
    found = head(b"X-Robots-Tag: otherbot: noai", b"x-robots-tag: noai")
    assert found.fields["x-robots-tag"] == "noai"
    assert [value for _, value in found.lines] == ["otherbot: noai", "noai"]


def test_lines_may_end_without_a_return_and_a_value_may_go_on():
    found = parsed(b"HTTP/1.1 200 OK\nA: one\n  two\r\n\tthree\nB:x\n\n").head
    assert found is not None
    assert found.fields == {"a": "one  two\tthree", "b": "x"}


@pytest.mark.parametrize(
    ("first", "fields", "lasts"),
    [
        (b"HTTP/1.1 200 OK", b"Content-Length: 1", True),
        (b"HTTP/1.1 200", b"Transfer-Encoding: chunked", True),
        (b"HTTP/1.1 200 OK", b"Content-Length: 1\r\nConnection: Close", False),
        (b"HTTP/1.1 200 OK", b"A: b", False),
        (b"HTTP/1.0 200 OK", b"Content-Length: 1", False),
        (b"HTTP/1.0 200 OK", b"Content-Length: 1\r\nConnection: keep-alive", True),
    ],
)
def test_a_connection_lasts_where_the_end_of_the_body_is_known(first, fields, lasts):
    assert head(fields, first=first + b"\r\n").lasts is lasts


@pytest.mark.parametrize(
    "length", [b"", b"x", b"-1", b"1_0", b"+1", b"1, 1", "\u0661".encode(), b"0x10", b"9" * 20]
)
def test_a_length_that_is_none_is_refused(length):
    with pytest.raises(http.client.HTTPException, match="Content-Length"):
        head(b"Content-Length: " + length)


@pytest.mark.parametrize("status", [b"204", b"304"])
def test_some_answers_have_no_body_whatever_they_declare(status):
    assert parsed(b"HTTP/1.1 " + status + b" X\r\nContent-Length: 9\r\n\r\n").ended


def test_chunks_count_for_more_than_a_length():
    found = head(b"Content-Length: 5", b"Transfer-Encoding: Chunked")
    assert (found.chunked, found.length) == (True, None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b"SSH-2.0-OpenSSH", http.client.BadStatusLine),
        (b"HTTP/1.1 OK", http.client.BadStatusLine),
        (b"HTTP/1.1 20 OK", http.client.BadStatusLine),
        (b"HTTP/1.1 2000 OK", http.client.BadStatusLine),
        (b"HTTP/2 200", http.client.BadStatusLine),
        (b"GET / HTTP/1.1", http.client.BadStatusLine),
        (OK + b"Transfer-Encoding: gzip, chunked", http.client.UnknownTransferEncoding),
        (OK + b"Transfer-Encoding: identity", http.client.UnknownTransferEncoding),
        (OK + b"Content-Length: 5\r\nContent-Length: 6", http.client.HTTPException),
        (OK + b"A: b\r\n" * (MOST_FIELDS + 1), http.client.HTTPException),
        (OK + b"A b", http.client.HTTPException),
    ],
)
def test_what_leaves_room_for_a_guess_is_refused(text, kind):
    with pytest.raises(kind) as caught:
        parsed(text + b"\r\n\r\n")
    assert str(caught.value)


def test_a_length_may_begin_with_any_number_of_noughts():
    assert head(b"Content-Length: " + b"0" * 5000 + b"7").length == 7


def test_as_many_fields_as_are_allowed_are_read():
    assert len(head(*[b"A: b"] * MOST_FIELDS).lines) == MOST_FIELDS


def test_a_head_may_come_byte_by_byte():
    parser = Parser()
    for byte in OK + b"ETag: 1\r\nContent-Length: 2\r\n\r\nab":
        parser.feed(memoryview(bytes([byte])))
    assert parser.head is not None
    assert (parser.head.reason, parser.head.fields["etag"], parser.ended) == ("OK", "1", True)


class Sock:
    """What `http.client` wants of a socket."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


NAMES = st.sampled_from(["ETag", "content-type", "X-A", "Location", "Connection", "Content-Length"])
VALUES = st.text('abz019 :,;="/-\xe9', max_size=12) | st.sampled_from(["close", "keep-alive", "7"])


@given(
    st.sampled_from(["HTTP/1.1", "HTTP/1.0"]),
    st.integers(200, 599),
    st.dictionaries(NAMES, VALUES, max_size=5),
    st.sampled_from(["\r\n", "\n"]),
)
def test_plain_answers_are_read_as_the_standard_library_reads_them(version, status, fields, end):
    text = end.join([f"{version} {status} Fine", *(f"{k}: {v}" for k, v in fields.items())])
    data = (text + 2 * end).encode("latin-1")
    theirs = http.client.HTTPResponse(Sock(data))
    theirs.begin()
    length = fields.get("Content-Length", "0").strip()
    if not (length.isascii() and length.isdigit()):
        with pytest.raises(http.client.HTTPException, match="Content-Length"):
            parsed(data)
        return
    ours = parsed(data)
    assert ours.head is not None
    assert (ours.head.status, ours.head.reason) == (theirs.status, theirs.reason)
    expected = {name.lower(): value.strip() for name, value in theirs.headers.items()}
    assert ours.head.fields == expected
    assert (0 if ours.ended else ours.left) == theirs.length
    assert ours.head.lasts is not theirs.will_close
