"""Columns that may say who uploaded a video, in lists of videos and in opt-out lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

UPLOADER = (
    *("channel_id", "uploader_id", "channel_url", "uploader_url", "channel", "uploader"),
    *("channel_title", "channel_name", "uploader_name"),
)
"""The most lasting names first. They are hashed as they are read, and no step sees them."""

LISTED: dict[str, Any] = {"listed_uploader_hash": str, "listed_uploader_marks": list[str]}
"""What the listing keeps of them."""


def plain(name: str) -> str:
    """A column's name however it is written.

    >>> plain("channel_id"), plain("channelId"), plain("Channel ID")
    ('channelid', 'channelid', 'channelid')
    """
    return re.sub(r"[\W_]+", "", name.lower())


def named(columns: Mapping[str, Any]) -> list[str]:
    """Those of these columns that name an uploader, the most lasting name first.

    >>> named({"Channel": "News", "fps": 25.0, "channelId": "UC1"})
    ['channelId', 'Channel']
    """
    order = [plain(name) for name in UPLOADER]
    found = [name for name in columns if plain(name) in order]
    return sorted(found, key=lambda name: order.index(plain(name)))


def public(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Columns without those.

    >>> public({"Channel": "News", "fps": 25.0})
    {'fps': 25.0}
    """
    private = named(columns)
    return {name: kind for name, kind in columns.items() if name not in private}
