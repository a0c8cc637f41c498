"""Programs that go through the proxy get what they ask for, from checked addresses only."""

from __future__ import annotations

import http.client
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from acav1m.net.address import Addresses
from acav1m.net.ytdlp.proxy import Proxy


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """One that may connect to 127.0.0.1 and nothing else that is private."""

    def resolve(host: str, port: int) -> list[str]:
        if host == "nowhere.example":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return {"inside.example": ["10.0.0.1"], "both.example": ["127.0.0.1", "10.0.0.1"]}[host]

    with Proxy(Addresses(("127.0.0.1/32",), resolve)) as one:
        one.start()
        yield one
        one.shutdown()


def ask(
    proxy: Proxy, url: str, method: str = "GET", body: bytes | None = None
) -> tuple[int, str, bytes]:
    """Ask as programs do: the whole URL in the request line."""
    connection = http.client.HTTPConnection(*proxy.server_address, timeout=10)
    connection.request(method, url, body, headers={"Proxy-Connection": "keep-alive"})
    answer = connection.getresponse()
    try:
        return answer.status, answer.reason, answer.read()
    finally:
        connection.close()


def tunnel(proxy: Proxy, place: str) -> tuple[socket.socket, bytes]:
    """A connection through it, and what was answered."""
    to = socket.create_connection(proxy.server_address, 10)
    to.sendall(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode())
    return to, to.recv(1000)


def test_a_file_comes_whole(proxy: Proxy, server: Any, serving: Any) -> None:
    url = server.url("/a%20b.mp4?x=1", serving.good())
    server.answers["/a b.mp4"] = server.answers.pop("/a%20b.mp4?x=1")
    assert ask(proxy, url) == (200, "OK", serving.MEDIA)
    assert server.headers[-1]["Connection"] == "close"
    assert "Proxy-Connection" not in server.headers[-1]


def test_what_is_sent_comes_along(proxy: Proxy, server: Any) -> None:
    from aiohttp import web

    async def echo(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    body = os.urandom(300_000)
    assert ask(proxy, server.url("/echo", echo), "POST", body) == (200, "OK", body)


def test_a_tunnel_passes_bytes_both_ways(proxy: Proxy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        to, answered = tunnel(proxy, f"127.0.0.1:{listening.getsockname()[1]}")
        assert answered == b"HTTP/1.1 200 OK\r\n\r\n"
        host, _ = listening.accept()
        with to, host:
            to.sendall(b"there")
            assert host.recv(10) == b"there"
            host.sendall(b"back")
            assert to.recv(10) == b"back"
            to.shutdown(socket.SHUT_WR)
            assert host.recv(10) == b""
            host.sendall(b"last")
            host.close()
            assert to.recv(10) == b"last"
            assert to.recv(10) == b""


@pytest.mark.parametrize(
    ("url", "status", "why"),
    [
        ("http://169.254.169.254/latest", 470, "169.254.169.254, a link-local address"),
        ("http://inside.example/", 470, "inside.example is at 10.0.0.1, a private address"),
        ("http://both.example/", 470, "both.example is at 10.0.0.1, a private address"),
        ("http://2130706433/", 470, "an address in an unusual spelling"),
        ("ftp://127.0.0.1/x", 470, "no URL that begins with http://"),
        ("/x", 470, "no URL that begins with http://"),
        ("http://nowhere.example/", 502, "Name or service not known"),
        ("http://127.0.0.1:1/", 502, "Connection refused"),
    ],
)
def test_what_cannot_be_reached_is_refused_with_the_reason(
    proxy: Proxy, url: str, status: int, why: str
) -> None:
    answered, reason, _ = ask(proxy, url)
    assert answered == status
    assert why in reason


def test_a_tunnel_leads_to_no_private_address(proxy: Proxy) -> None:
    to, answered = tunnel(proxy, "10.0.0.1:443")
    with to:
        assert answered.startswith(b"HTTP/1.1 470 the address may not be fetched: 10.0.0.1")


def test_garbage_and_silence_end_nothing(proxy: Proxy, server: Any, serving: Any) -> None:
    for garbage in (b"", b"\r\n\r\n", b"GET\r\n\r\n", b"\xff\xfe \x00 \r\n\r\n"):
        with socket.create_connection(proxy.server_address, 10) as to:
            to.sendall(garbage)
    assert ask(proxy, server.url("/x.mp4", serving.good()))[0] == 200


def test_programs_are_told_of_it(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.setenv(name, "x")
        monkeypatch.setenv(name.upper(), "x")
    proxy.be_used()
    assert os.environ["http_proxy"] == os.environ["HTTPS_PROXY"] == proxy.url
    assert "no_proxy" not in os.environ
