"""By what an entry of a list and a video are known to be the same: short texts, spelled one way.

A mark is a kind and a text: `id`, `url`, `domain`, `sha256`, or `party`, who uploaded it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from acav1m.net.target import is_address

KINDS = {
    "id": "id",
    "url": "address",
    "domain": "domain",
    "sha256": "checksum",
    "party": "uploader",
}
"""The kinds of marks, and what a person calls each."""

_VIDEO = re.compile(
    r"(?:(?:m|music)\.)?(?:youtube(?:-nocookie)?\.com/(?:watch\?(?:.*&)?v=|shorts/|embed/|live/|v/)"
    r"|youtu\.be/)([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])"
)
_CHANNEL = re.compile(r"(?:(?:m|music)\.)?youtube\.com/(?:(?:channel|c|user)/|@)([^/?#]+)")
_HOLDS_MANY = (".tar", ".parquet")
_SCHEME = re.compile(r"https?://", re.I)


class Mark(NamedTuple):
    """One way to know a video."""

    kind: str
    text: str


def is_url(text: str) -> bool:
    """Whether it is an address of the web."""
    return _SCHEME.match(text) is not None


def of_page(text: str) -> Iterator[Mark]:
    """A video by its address: the id of one of YouTube, whatever the address is like."""
    place = plain_url(text)
    found = _VIDEO.match(place)
    yield Mark("id", found[1]) if found else Mark("url", place)


def of_party(name: str) -> Mark:
    """An uploader by an id, a handle, a name, or the page of a channel.

    >>> of_party("@Some_One"), of_party("https://www.youtube.com/@some_one/videos")
    (Mark(kind='party', text='some_one'), Mark(kind='party', text='some_one'))
    """
    name = name.strip()
    if is_url(name):
        place = plain_url(name)
        found = _CHANNEL.match(place)
        name = found[1] if found else place
    return Mark("party", unicodedata.normalize("NFKC", name).casefold().removeprefix("@").strip())


def is_channel(text: str) -> bool:
    """Whether it is the page of a channel, or the id or handle of one."""
    if is_url(text):
        return _CHANNEL.match(plain_url(text)) is not None
    return re.fullmatch(r"UC[A-Za-z0-9_-]{22}|@[\w.·-]+", text) is not None


def domain(text: str) -> str | None:
    """A host's name as all write it; None for what is none.

    >>> domain("*.Example.ORG."), domain("https://www.example.org/"), domain("no host")
    ('example.org', 'example.org', None)
    """
    host = _split(text).hostname if is_url(text) else text.strip().removeprefix("*")
    host = (host or "").lower().strip(".").removeprefix("www.")
    if "." not in host and ":" not in host:
        return host if host == "localhost" else None
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    named = re.fullmatch(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z][a-z0-9-]*", host)
    return host if named or is_address(host) else None


def domains(url: str) -> tuple[Mark, ...]:
    """The host of an address and all domains that it is in."""
    return _above(_split(url).hostname or "") if is_url(url) else ()


@lru_cache(maxsize=4096)
def _above(host: str) -> tuple[Mark, ...]:
    found = domain(host)
    if found is None:
        return ()
    labels = [] if is_address(found) else found.split(".")
    above = [".".join(labels[at:]) for at in range(1, len(labels) - 1)]
    return tuple(Mark("domain", name) for name in (found, *above))


@lru_cache(maxsize=64)  # several marks of one address are asked for one after another
def plain_url(text: str) -> str:
    """An address without what does not matter: scheme, `www`, usual port, fragment, last slash.

    The fragment of a tar or table says which of its videos is meant.

    >>> plain_url("HTTPS://WWW.Example.org:443/a%20b/?x=1#t")
    'example.org/a b?x=1'
    """
    parts = _split(text)
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = f":{_port(parts)}" if _port(parts) not in (None, usual) else ""
    query = f"?{parts.query}" if parts.query else ""
    inside = f"#{parts.fragment}" if parts.path.endswith(_HOLDS_MANY) and parts.fragment else ""
    return f"{host}{port}{unquote(parts.path).rstrip('/')}{query}{inside}"


@lru_cache(maxsize=64)
def _split(text: str) -> SplitResult:
    """Its parts; what cannot be taken apart is one that leads nowhere."""
    try:
        return urlsplit(text.strip())
    except ValueError:
        return SplitResult("", "", text.strip(), "", "")


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        return None
