"""Columns in which a list of videos may say who uploaded them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

UPLOADER = ("channel_id", "uploader_id", "channel_url", "uploader_url", "channel", "uploader")
"""The most lasting names first. They are hashed as they are read, and no step sees them."""

LISTED: dict[str, Any] = {"listed_uploader_hash": str, "listed_uploader_marks": list[str]}
"""What the listing keeps of them."""


def named(columns: Mapping[str, Any]) -> list[str]:
    """Those of these columns that name an uploader, the most lasting name first.

    >>> named({"Channel": "News", "fps": 25.0, "channel_id": "UC1"})
    ['channel_id', 'Channel']
    """
    own = {name.lower(): name for name in columns}
    return [own[name] for name in UPLOADER if name in own]


def public(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Columns without those.

    >>> public({"Channel": "News", "fps": 25.0})
    {'fps': 25.0}
    """
    private = named(columns)
    return {name: kind for name, kind in columns.items() if name not in private}
