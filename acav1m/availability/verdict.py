"""What is to be said of one source: the states, and how what is found is held to what was recorded.

Pure arithmetic on small records; who asks whom is elsewhere.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from acav1m.net.outcome import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.errors import ClipError

STATES = {
    "available": "is there; nothing that was compared has changed",
    "changed": "is there, but no longer as it was recorded",
    "gone": "cannot be had any more",
    "unknown": "could not be told: a failure that may pass, or that means us",
    "not_checked": "was not asked for",
    "not_applicable": "is made by the build itself",
}
ASKED = ("available", "changed", "gone", "unknown")
"""The states that shares are of."""

UNDECIDED = frozenset({"refused_address", "too_big", "too_long", "live"})
"""Final failures of a download that say nothing of whether the source is still there."""

ROUNDED_S = 2.0
"""Sites round what a video lasts, and containers pad it: by less, two durations are the same."""


@dataclass(frozen=True)
class Facts:
    """What tells two versions of a source apart; None where it is not known."""

    sha256: str | None = None
    bytes: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    duration_s: float | None = None


FACTS: dict[str, Any] = {
    "sha256": str,
    "bytes": int,
    "etag": str,
    "last_modified": str,
    "duration_s": float,
}
"""The columns of a recorded or found version."""


def columns(facts: Facts, prefix: str) -> dict[str, Any]:
    """A version as columns.

    >>> columns(Facts(bytes=7), "found_")["found_bytes"]
    7
    """
    return {prefix + name: value for name, value in asdict(facts).items()}


def recorded(row: Mapping[str, Any]) -> Facts:
    """The version that a row says was recorded."""
    return Facts(**{field.name: row.get(f"recorded_{field.name}") for field in fields(Facts)})


def of_error(error: ClipError) -> str:
    """The state of a source that could not be had.

    What may pass, what may mean us, and what our own limits refuse is never gone.
    """
    kind = KINDS.get(error.kind)
    undecided = error.kind in UNDECIDED or error.transient or (kind is not None and kind.transient)
    return "unknown" if undecided else "gone"


def judged(was: Facts, found: Facts) -> tuple[dict[str, str], list[str]]:
    """What differs, with both values in words, and what was compared.

    The bytes decide where they were compared. An ETag is a server's own word for a version, so
    where there is one, the date says nothing more.

    >>> judged(Facts(bytes=7, etag='"a"'), Facts(bytes=7, etag='W/"a"'))
    ({}, ['bytes', 'etag'])
    >>> judged(Facts(bytes=7), Facts(bytes=8))
    ({'bytes': 'bytes was 7, is 8'}, ['bytes'])
    """
    compared = [
        field.name
        for field in fields(Facts)
        if None not in (getattr(was, field.name), getattr(found, field.name))
    ]
    if "sha256" in compared:
        compared = ["sha256"]
    elif "etag" in compared and "last_modified" in compared:
        compared.remove("last_modified")
    differing = {
        name: f"{name} was {getattr(was, name)}, is {getattr(found, name)}"
        for name in compared
        if not _same(name, was, found)
    }
    return differing, compared


def _same(name: str, was: Facts, found: Facts) -> bool:
    before, now = getattr(was, name), getattr(found, name)
    if name == "duration_s":
        return bool(abs(before - now) < ROUNDED_S)
    if name == "etag":  # whoever compresses on the way makes it weak (RFC 9110, section 8.8.3.2)
        return bool(before.removeprefix("W/") == now.removeprefix("W/"))
    return bool(before == now)
