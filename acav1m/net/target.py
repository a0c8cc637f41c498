"""URLs, taken apart and refused where they are none that may be fetched."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from acav1m.net.outcome import QUOTED, FetchError

PORTS = {"http": 80, "https": 443}
"""The schemes that may be fetched, and their ports."""

_LABEL = r"[a-z0-9_-]{1,63}"
_AS_IS = "/%:@!$&'()*+,;=~-._?"


class Target(NamedTuple):
    """A URL, taken apart as a request needs it."""

    scheme: str
    host: str
    """In ASCII and lower case; an IPv6 address without brackets."""

    port: int
    path: str
    """With the query, in ASCII."""

    @property
    def netloc(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """Who answers it: what must be the same for a key to be sent on."""
        return self.scheme, self.host, self.port

    @property
    def url(self) -> str:
        """The whole of it."""
        return f"{self.scheme}://{self.netloc}{self.path}"


def parse(url: str) -> Target:
    """Take a URL apart.

    Raises:
        FetchError: `refused_address`, for what is no plain http or https URL.
    """
    try:
        parts = urlsplit(url.strip())
        scheme, host, port = _origin(parts.scheme.lower(), parts.netloc)
    except ValueError as error:
        raise refused(f"no URL ({error})") from error
    path = quote(parts.path or "/", safe=_AS_IS)
    query = f"?{quote(parts.query, safe=_AS_IS)}" if parts.query else ""
    return Target(scheme, host, port, path + query)


@lru_cache(maxsize=1024)
def _origin(scheme: str, netloc: str) -> tuple[str, str, int]:
    """Scheme, host and port; the same for all files of a host.

    Raises:
        FetchError: They are none that may be fetched from.
        ValueError: They are none.
    """
    parts = SplitResult(scheme, netloc, "", "", "")
    port = parts.port
    host = (parts.hostname or "").rstrip(".")
    if scheme not in PORTS:
        raise refused(
            f"the scheme is {scheme[:QUOTED] or 'missing'}; http and https may be fetched"
        )
    if parts.username is not None or parts.password is not None:
        raise refused("it holds a user name or password, which would end up in the ledger")
    if not host:
        raise refused("it names no host")
    return scheme, _ascii(host), PORTS[scheme] if port is None else port


def follow(target: Target, location: str) -> Target:
    """Where a redirect leads.

    Raises:
        FetchError: To nothing that may be fetched.
    """
    with suppress(UnicodeError):  # headers are read as Latin-1, and most servers mean UTF-8
        location = location.encode("latin-1").decode("utf-8")
    try:
        url = urljoin(target.url, location)
    except ValueError as error:
        raise refused(f"a redirect leads to no URL ({error})") from error
    return parse(url)


def is_address(host: str) -> bool:
    """Whether a host is an address, in the usual spelling."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _ascii(host: str) -> str:
    if ":" in host:
        if not is_address(host):
            raise refused(f"{host[:QUOTED]!r} is no host name")
        return host.lower()
    try:
        name = (host if host.isascii() else host.encode("idna").decode("ascii")).lower()
    except UnicodeError as error:
        raise refused(f"{host[:QUOTED]!r} is no host name") from error
    if len(name) > 253 or not re.fullmatch(rf"{_LABEL}(\.{_LABEL})*", name):
        raise refused(f"{host[:QUOTED]!r} is no host name")
    return name


def refused(why: str) -> FetchError:
    """The failure of what may not be fetched."""
    return FetchError("refused_address", f"the address may not be fetched: {why}")
