"""The pages of videos, as people and corpora name them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from acav1m.errors import AcavError

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "https://www.youtube.com/watch?v="
_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_OF_PAGE = re.compile(
    r"https?://(?:(?:www|m|music)\.)?(?:youtube\.com/(?:watch\?(?:[^#]*&)?v=|shorts/|embed/|live/)"
    r"|youtu\.be/)([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])",
    re.IGNORECASE,
)


def page(listed_in: Path, named: str) -> str:
    """The page of a video; one of YouTube has one address, however it is written.

    Raises:
        AcavError: It is neither an id of YouTube nor a URL.
    """
    found = _OF_PAGE.match(named)
    if found:
        return PAGE + found[1]
    if _ID.fullmatch(named):
        return PAGE + named
    if re.match(r"https?://[^\s/]", named, re.IGNORECASE):
        return named
    raise AcavError(f"{listed_in}: {named!r} is neither an id of YouTube nor a URL")
