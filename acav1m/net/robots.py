"""What a server says in its headers about such uses as ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from acav1m.net.outcome import QUOTED

if TYPE_CHECKING:
    from email.message import Message

TOKEN = "acav1m"
"""By this name a server may address us alone: `X-Robots-Tag: acav1m: noai`."""

REFUSING = frozenset({"noai", "noimageai", "noindex", "noimageindex", "none"})
"""The directives that img2dataset respects too, and `none`, which holds `noindex`."""

_NAME = re.compile(r"[a-z0-9*_.-]+")
_WITH_VALUE = frozenset(
    {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}
)


def refusal(headers: Message) -> str | None:
    """The header that asks not to be used, None where there is none."""
    for line in headers.get_all("X-Robots-Tag", []):
        said = _for_us(line)
        if said & REFUSING:
            return f"X-Robots-Tag: {line.strip()[:QUOTED]}"
    # W3C TDM Reservation Protocol: rights for text and data mining are reserved.
    if str(headers.get("TDM-Reservation", "")).strip() == "1":
        return "TDM-Reservation: 1"
    return None


def _for_us(line: str) -> set[str]:
    """Directives of a line that are for all robots or for us; a name holds to the line's end."""
    said: set[str] = set()
    whom = ""
    for part in line.lower().split(","):
        name, colon, rest = part.partition(":")
        name = name.strip()
        if colon and _NAME.fullmatch(name) and name not in _WITH_VALUE:
            whom, part = name, rest
        if whom in ("", "*", TOKEN):
            said.add(part.partition(":")[0].strip())
    return said
