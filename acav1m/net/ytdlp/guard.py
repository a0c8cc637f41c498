"""Let no part of this process connect to an address that may not be fetched from.

The page of a video may redirect anywhere, and so may its streams. Most of the libraries that yt-dlp
connects with use Python's sockets, and Python tells an audit hook (PEP 578) of each connection
before it is made, with the very address. So no second lookup can lead elsewhere. What connects
without Python, libcurl and ffmpeg, goes through `proxy`.
"""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from acav1m.net.outcome import FetchError
from acav1m.net.target import Target, is_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from acav1m.net.address import Addresses

EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
USUAL_PORTS = {"https": 443, "http": 80}
SOCKS_PORT = 1080


class Barred(OSError):
    """A connection that is not made; libraries take it for one that failed."""


class Guard:
    """Checks every address; those of the user's own proxies pass."""

    def __init__(self, addresses: Addresses, proxies: Iterable[str] = ()) -> None:
        self._addresses = addresses
        self._proxies = {place for proxy in proxies for place in _places(proxy)}

    def watch(self) -> None:
        """Watch this process from now on until its end."""
        sys.addaudithook(self._hear)

    def check(self, place: object) -> None:
        """Refuse what may not be connected to.

        Raises:
            Barred: The address is not allowed, or is a name that was not looked up.
        """
        if not isinstance(place, tuple) or not isinstance(place[0], str):
            return  # a pipe of this machine: no URL leads there
        host, port = place[0].partition("%")[0], place[1]
        if (host, port) in self._proxies:
            return
        if not is_address(host):
            raise Barred(f"the address may not be fetched: {host!r} was not looked up")
        try:
            self._addresses.of(Target("http", host, port, "/"))
        except FetchError as error:
            raise Barred(error.message) from error

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event in EVENTS:
            self.check(args[1])


def proxies(more: Mapping[str, Any]) -> list[str]:
    """The proxies that the user's options, or else the environment, name for web addresses."""
    given = more.get("proxy")
    if given is None:
        found = getproxies()
        return [found[name] for name in ("http", "https", "all") if found.get(name)]
    return [given] if given else []


def ffmpeg_uses(more: Mapping[str, Any]) -> bool:
    """Whether ffmpeg goes through the user's proxy; past any other it would connect directly."""
    given = more.get("proxy")
    if given:  # yt-dlp hands it on, with a scheme where it has none
        return "://" not in given or given.lower().startswith("http://")
    return os.environ.get("http_proxy", "").startswith("http://")


def _places(proxy: str) -> set[tuple[str, int]]:
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    port = parts.port or USUAL_PORTS.get(parts.scheme, SOCKS_PORT)
    with suppress(socket.gaierror):
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        return {(str(address[4][0]), port) for address in found}
    return set()
