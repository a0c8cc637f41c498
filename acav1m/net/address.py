"""Which addresses may be fetched: public ones, and never one that was not checked.

A list of URLs is foreign input. Without a check it could have us read services of this machine
or its network, or a cloud's metadata, whose answers would end up in a dataset.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from acav1m.net.target import Target, is_address, refused

ALLOWS = "network.allow_private (--allow-private) allows it"
"""The key of a recipe, and the option of commands."""

_EVERYWHERE = ("0.0.0.0/0", "::/0")
Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]
"""Host and port to its addresses as text; raises `socket.gaierror`."""

_NAT64 = IPv6Network("64:ff9b::/96")


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
            allow_private = _EVERYWHERE if allow_private else ()
        self.allow_private = allow_private
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
                raise refused(f"{whose}{text}, {why}; {ALLOWS}")
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
    if is_address(host):
        return True
    # The URL standard takes a host whose last label is a number for an IPv4 address.
    if re.fullmatch(r"\d+|0x[0-9a-f]*", host.rpartition(".")[2]):
        raise refused(f"{host} is an address in an unusual spelling")
    return False
