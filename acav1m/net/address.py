"""Which addresses may be fetched: public ones, and never one that was not checked.

A list of URLs is foreign input. Without a check it could have us read services of this machine
or its network, or a cloud's metadata, whose answers would end up in a dataset.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from acav1m.net.outcome import FetchError

PORTS = {"http": 80, "https": 443}
"""The schemes that may be fetched, and their ports."""

EVERYWHERE = ("0.0.0.0/0", "::/0")
Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]
"""Host and port to its addresses as text; raises `socket.gaierror`."""

_NAT64 = IPv6Network("64:ff9b::/96")
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
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
    except ValueError as error:
        raise _refused(f"no URL ({error})") from error
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise _refused(f"the scheme is {scheme or 'missing'}; http and https may be fetched")
    if parts.username is not None or parts.password is not None:
        raise _refused("it holds a user name or password, which would end up in the ledger")
    if not host:
        raise _refused("it names no host")
    path = quote(parts.path or "/", safe=_AS_IS)
    query = f"?{quote(parts.query, safe=_AS_IS)}" if parts.query else ""
    return Target(scheme, _ascii(host), PORTS[scheme] if port is None else port, path + query)


def follow(target: Target, location: str) -> Target:
    """Where a redirect leads.

    Raises:
        FetchError: To nothing that may be fetched.
    """
    try:
        url = urljoin(target.url, location)
    except ValueError as error:
        raise _refused(f"a redirect leads to no URL ({error})") from error
    return parse(url)


def lookup(host: str, port: int) -> list[str]:
    """Ask the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


class Addresses:
    """Resolves hosts, and gives only addresses that may be connected to.

    `allow_private` is True for any address, or the networks that are allowed beside the public
    ones, such as `("10.1.0.0/16",)`.
    """

    def __init__(
        self, allow_private: bool | tuple[str, ...] = False, resolve: Resolve = lookup
    ) -> None:
        if isinstance(allow_private, bool):
            allow_private = EVERYWHERE if allow_private else ()
        self._allowed = tuple(ip_network(network) for network in allow_private)
        self._resolve = resolve

    def of(self, target: Target) -> list[str]:
        """All addresses of a host; one that is not allowed condemns the host.

        Connect to these very addresses: another lookup may give others (DNS rebinding).

        Raises:
            FetchError: An address is not allowed.
            socket.gaierror: There is none.
        """
        literal = _literal(target.host)
        found = [target.host] if literal else self._resolve(target.host, target.port)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "the name has no address")
        for text in found:
            why = self._objection(ip_address(text.partition("%")[0]))
            if why:
                whose = "" if literal else f"{target.host} is at "
                raise _refused(f"{whose}{text}, {why}")
        return found

    def _objection(self, address: Address) -> str | None:
        if any(address in network for network in self._allowed):
            return None
        inner = _embedded(address)
        if inner is not None:
            why = self._objection(inner)
            return f"which stands for {inner}, {why}" if why else None
        return objection(address)


def objection(address: Address) -> str | None:
    """Why an address may not be fetched from, None for a public one.

    >>> objection(ip_address("169.254.169.254"))
    'a link-local address'
    >>> objection(ip_address("93.184.216.34")) is None
    True
    """
    for name, holds in (
        ("a loopback address", address.is_loopback),
        ("a link-local address", address.is_link_local),
        ("a multicast address", address.is_multicast),
        ("no address of any host", address.is_unspecified),
        ("a reserved address", address.is_reserved),
        ("a private address", address.is_private),
        ("a site-local address", isinstance(address, IPv6Address) and address.is_site_local),
        ("an address that is not public", not address.is_global),
    ):
        if holds:
            return name
    return None


def _embedded(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]


def _literal(host: str) -> bool:
    """Whether a host is an address; other spellings of one (2130706433, 0x7f.1) are refused."""
    if _is_address(host):
        return True
    # The URL standard takes a host whose last label is a number for an IPv4 address.
    if re.fullmatch(r"\d+|0x[0-9a-f]*", host.rpartition(".")[2]):
        raise _refused(f"{host} is an address in an unusual spelling")
    return False


def _is_address(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _ascii(host: str) -> str:
    if ":" in host:
        if not _is_address(host):
            raise _refused(f"{host!r} is no host name")
        return host.lower()
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise _refused(f"{host!r} is no host name") from error
    if not re.fullmatch(r"[a-z0-9._-]+", name):
        raise _refused(f"{host!r} is no host name")
    return name


def _refused(why: str) -> FetchError:
    return FetchError("refused_address", f"the address may not be fetched: {why}")
