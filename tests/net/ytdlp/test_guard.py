"""Whatever in a process connects, it reaches no address that may not be fetched from."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from acav1m.net.address import Addresses
from acav1m.net.ytdlp.guard import Barred, Guard, ffmpeg_uses, proxies

WATCHING = """
import sys
from acav1m.net.address import Addresses
from acav1m.net.ytdlp.guard import Guard
Guard(Addresses(("127.0.0.1/32",)), {proxies!r}).watch()
place = ("127.0.0.2", int(sys.argv[1]))
url = f"http://127.0.0.2:{{sys.argv[1]}}/"
{connect}
"""

WAYS = {
    "a socket": "import socket; socket.create_connection(place)",
    "connect_ex": "import socket; socket.socket().connect_ex(place)",
    "urllib": "import urllib.request; urllib.request.urlopen(url)",
    "requests": "import requests; requests.get(url)",
    "asyncio": "import asyncio; asyncio.run(asyncio.open_connection(*place))",
    "a datagram": (
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', place)"
    ),
}


@pytest.fixture
def other() -> Iterator[socket.socket]:
    """Somebody at an address of this machine that is not allowed."""
    with socket.create_server(("127.0.0.2", 0)) as listening:
        listening.setblocking(False)
        yield listening


@pytest.fixture
def watched(other: socket.socket) -> Callable[..., str]:
    """Run some code in a process that is watched; returns its standard error."""

    def run(connect: str, proxies: tuple[str, ...] = ()) -> str:
        code = WATCHING.format(connect=connect, proxies=proxies)
        command = [sys.executable, "-c", code, str(other.getsockname()[1])]
        root = Path(__file__).parents[3]
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stderr

    return run


@pytest.mark.parametrize("way", WAYS)
def test_no_library_reaches_it(way: str, watched: Callable[..., str], other: socket.socket) -> None:
    if way == "requests":
        pytest.importorskip("requests")
    said = watched(WAYS[way])
    assert "the address may not be fetched: 127.0.0.2, a loopback address" in said
    with pytest.raises(BlockingIOError):
        other.accept()


def test_the_proxy_that_was_chosen_is_reached(
    watched: Callable[..., str], other: socket.socket
) -> None:
    proxy = f"http://127.0.0.2:{other.getsockname()[1]}"
    assert watched(WAYS["a socket"], (proxy,)) == ""
    other.accept()[0].close()


@pytest.mark.parametrize(
    ("proxy", "place"),
    [
        ("socks5://10.0.0.1", ("10.0.0.1", 1080)),
        ("10.0.0.1:3128", ("10.0.0.1", 3128)),
        ("https://10.0.0.1", ("10.0.0.1", 443)),
    ],
)
def test_a_proxy_passes_at_its_port_only(proxy: str, place: tuple[str, int]) -> None:
    guard = Guard(Addresses(), [proxy])
    guard.check(place)
    with pytest.raises(Barred, match=r"10\.0\.0\.1, a private address"):
        guard.check((place[0], place[1] + 1))


def test_a_name_is_no_address() -> None:
    with pytest.raises(Barred, match="'localhost' was not looked up"):
        Guard(Addresses()).check(("localhost", 80))


@pytest.mark.parametrize("place", ["/run/socket", None, b"\0x", (1, 2)])
def test_what_is_no_place_in_a_network_is_left_alone(place: object) -> None:
    Guard(Addresses()).check(place)


def test_proxies_are_the_options_or_else_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http", "https", "all", "HTTP", "HTTPS", "ALL"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_PROXY", raising=False)
    assert proxies({}) == []
    monkeypatch.setenv("https_proxy", "http://one:1")
    assert proxies({}) == ["http://one:1"]
    assert proxies({"proxy": "socks5://two"}) == ["socks5://two"]
    assert proxies({"proxy": ""}) == []


@pytest.mark.parametrize(
    ("proxy", "uses"),
    [("http://x:1", True), ("x:1", True), ("socks5://x", False), ("https://x", False)],
)
def test_ffmpeg_goes_through_plain_proxies_only(proxy: str, uses: bool) -> None:
    assert ffmpeg_uses({"proxy": proxy}) is uses


def test_of_the_environments_proxies_ffmpeg_uses_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://x:1")
    assert ffmpeg_uses({})
    monkeypatch.delenv("http_proxy")
    monkeypatch.setenv("https_proxy", "http://x:1")
    assert not ffmpeg_uses({})
