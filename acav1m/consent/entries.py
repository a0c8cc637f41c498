"""What an entry of an opt-out list says, by its column or by its shape."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from acav1m.consent import columns, marks
from acav1m.consent.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COLUMNS = {
    **dict.fromkeys(("id", "video_id", "youtube_id", "ytid", "clip_id"), "id"),
    **dict.fromkeys(("url", "uri", "video_url", "source_uri", "webpage_url", "page"), "url"),
    **dict.fromkeys((*columns.UPLOADER, "handle"), "channel"),
    **dict.fromkeys(("domain", "host"), "domain"),
    **dict.fromkeys(
        ("sha256", "source_sha256", "mp4_sha256", "flac_sha256", "orig_flac_sha256"), "sha256"
    ),
    "entry": "any",
}
"""What a column's name says of its entries; all other columns are passed over."""

_NAMES = {columns.plain(name): name for name in COLUMNS}

FORMS = "an id, an address, a domain, a checksum, or the id or @handle of a channel"


def meaning(column: str) -> str | None:
    """What the entries of a column are, None for a column that is passed over.

    Raises:
        ValueError: Its name is nearly one that has a meaning.
    """
    name = columns.plain(column)
    if name in _NAMES:
        return COLUMNS[_NAMES[name]]
    near = get_close_matches(name, _NAMES, n=1, cutoff=0.75)
    if near:
        raise ValueError(f"has a column '{column}'; did you mean '{_NAMES[near[0]]}'?")
    return None


def meanings(names: Sequence[str]) -> dict[str, str]:
    """The columns of a table that have a meaning, with it; a single one is taken as it comes.

    Raises:
        ValueError: None has, or one nearly has.
    """
    kinds = {name: kind for name in names if (kind := meaning(name))}
    if not kinds and len(names) == 1:
        return {names[0]: "any"}
    if not kinds:
        raise ValueError(
            f"has the columns {', '.join(names)}, and none of id, url, channel, domain, sha256"
        )
    return kinds


def read(kind: str, text: str) -> Iterable[Mark]:
    """The marks of what an entry asks to leave out.

    Raises:
        ValueError: It is nothing of that kind.
    """
    match kind:
        case "id":
            return _id(text)
        case "url":
            return _url(text)
        case "channel":
            return (marks.of_party(text),)
        case "domain":
            return (_domain(text),)
        case "sha256":
            return (_sha256(text),)
    return _shaped(text)


def _id(text: str) -> Iterable[Mark]:
    return marks.of_page(text) if marks.is_url(text) else (Mark("id", text),)


def _url(text: str) -> Iterable[Mark]:
    """An address; what is none may be the name of a file, which is its address in a release."""
    if not marks.is_url(text):
        return (Mark("id", text),)
    if marks.is_channel(text):
        return (marks.of_party(text),)
    # On sites that we know nothing of, it may as well be the page of whoever uploaded it.
    return (*marks.of_page(text), marks.of_party(text))


def _domain(text: str) -> Mark:
    found = marks.domain(text)
    if found is None:
        raise ValueError(f"{text!r} is no domain")
    return Mark("domain", found)


def _sha256(text: str) -> Mark:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise ValueError(f"{text!r} is no SHA-256 in 64 hex digits")
    return Mark("sha256", text.lower())


def _shaped(text: str) -> Iterable[Mark]:
    """An entry that stands alone."""
    if marks.is_channel(text):
        return (marks.of_party(text),)
    if marks.is_url(text):
        bare = "/" not in marks.plain_url(text) and "?" not in text
        return (_domain(text),) if bare else _url(text)
    if re.fullmatch(r"[0-9a-fA-F]{64}", text):
        return (_sha256(text),)
    if re.search(r"[\s,;\"]", text):
        raise ValueError(
            f"{text!r} is not {FORMS}; a list of several columns needs a first line that names "
            "them, and names of uploaders a column 'channel'"
        )
    host, slash, _ = text.partition("/")
    if marks.domain(host) is None:
        return (Mark("id", text),)
    # Names of files and of hosts look alike: `a.mov`, `example.org/a.mp4`.
    also = marks.of_page(f"https://{text}") if slash else (_domain(host),)
    return (Mark("id", text), *also)
