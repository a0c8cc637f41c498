"""Nothing but public addresses is fetched, however they are spelt or reached."""

from __future__ import annotations

import socket

import pytest

from acav1m.net.address import Addresses
from acav1m.net.outcome import FetchError
from acav1m.net.target import follow, parse


def at(*found):
    """A resolver that gives the same addresses for any name."""
    return lambda host, port: list(found)


PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
    "fe80::1%eth0",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused(address):
    with pytest.raises(FetchError) as caught:
        Addresses(resolve=at(address)).of(parse("http://media.example/a.mp4"))
    assert caught.value.kind == "refused_address"
    assert not caught.value.transient
    assert address in caught.value.message


@pytest.mark.parametrize("address", PRIVATE)
def test_it_is_refused_as_part_of_the_url_too(address):
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(FetchError, match="may not be fetched"):
        Addresses().of(parse(f"http://{host}/a.mp4"))


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "127.1", "127.0.0.0x1", "8.8.2056"]
)
def test_unusual_spellings_of_addresses_are_refused(host):
    with pytest.raises(FetchError, match="unusual spelling"):
        Addresses(resolve=at("93.184.216.34")).of(parse(f"http://{host}/"))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_a_public_address_is_given_as_it_was_checked(address):
    assert Addresses(resolve=at(address)).of(parse("https://media.example/")) == [address]


def test_one_private_address_among_public_ones_condemns_the_host():
    with pytest.raises(FetchError, match=r"media\.example is at 10\.0\.0\.5, a private address"):
        Addresses(resolve=at("93.184.216.34", "10.0.0.5")).of(parse("http://media.example/"))


def test_networks_may_be_allowed_one_by_one():
    addresses = Addresses(("10.1.0.0/16",))
    assert addresses.of(parse("http://10.1.2.3/")) == ["10.1.2.3"]
    with pytest.raises(FetchError):
        addresses.of(parse("http://10.2.0.1/"))
    assert Addresses(allow_private=True).of(parse("http://[::1]/")) == ["::1"]
    assert Addresses(("10.1.0.0/16",)).of(parse("http://[::ffff:10.1.2.3]/"))


def test_a_name_without_an_address_is_a_failure_of_dns():
    with pytest.raises(socket.gaierror):
        Addresses(resolve=at()).of(parse("http://media.example/"))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://media.example/a", "scheme is ftp"),
        ("file:///etc/passwd", "scheme is file"),
        ("gopher://media.example/", "scheme is gopher"),
        ("media.example/a.mp4", "scheme is missing"),
        ("http://user:word@media.example/", "user name or password"),
        ("http://@media.example/", "user name or password"),
        ("http:///a.mp4", "names no host"),
        ("http://media.example:99999/", "no URL"),
        ("http://[::1/", "no URL"),
        ("http://bad host/", "no host name"),
        ("http://a\u2024b..c/", "no host name"),
        ("http://[v1.a:b]/", "no host name"),
        ("http://a..b/", "no host name"),
        (f"http://{'a' * 64}.example/", "no host name"),
        (f"http://{'a.' * 130}example/", "no host name"),
    ],
)
def test_what_is_no_plain_url_is_refused(url, why):
    with pytest.raises(FetchError, match=why):
        parse(url)


def test_a_url_is_taken_apart():
    target = parse(" HTTPS://Media.Example.:8443/a b/\u00e4.mp4?x=1&y=%20#part ")
    assert target == ("https", "media.example", 8443, "/a%20b/%C3%A4.mp4?x=1&y=%20")
    assert target.netloc == "media.example:8443"
    assert parse("http://b\u00fccher.example").url == "http://xn--bcher-kva.example/"
    assert parse("http://[2001:DB8::1]/").netloc == "[2001:db8::1]"


def test_no_header_can_be_slipped_in():
    target = parse("http://media.example/a\r\nX-Evil: 1")
    assert "\r" not in target.path
    assert "\n" not in target.path
    assert " " not in target.path


def test_redirects_lead_on_from_where_they_are():
    target = parse("https://media.example/a/b.mp4?x=1")
    assert follow(target, "../c.mp4").url == "https://media.example/c.mp4"
    assert follow(target, "//cdn.example/d").url == "https://cdn.example/d"
    sent = "/\u00e4.mp4".encode().decode("latin-1")
    assert follow(target, sent).url == "https://media.example/%C3%A4.mp4"
    assert follow(target, "/\u00e4\u20ac").path == "/%C3%A4%E2%82%AC"
    for location in ("file:///etc/passwd", "javascript:alert(1)", "http://[::1/"):
        with pytest.raises(FetchError):
            follow(target, location)
