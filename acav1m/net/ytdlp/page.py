"""What yt-dlp found out of a video's page."""

from __future__ import annotations

from typing import Any

LIVE = frozenset({"is_live", "is_upcoming", "post_live"})
NAMING = ("channel_id", "uploader_id", "channel", "uploader", "channel_url", "uploader_url")
"""What yt-dlp may know of who uploaded a video."""

LASTING = ("channel_id", "uploader_id", "channel_url", "uploader_url")
"""Of these, what stays when a name changes, the most lasting first."""

SCHEMES = ("http://", "https://")


class Refused(Exception):
    """What is known of the video already says that it will not do."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(kind, message)
        self.kind, self.message = kind, message


def only(info: dict[str, Any] | None) -> dict[str, Any]:
    """The one video of a page.

    Raises:
        Refused: There are several.
    """
    entries = [e for e in (info or {}).get("entries") or () if e]
    if len(entries) > 1:
        raise Refused("not_media", "leads to several videos, not to one")
    return entries[0] if entries else info or {}


def check(info: dict[str, Any]) -> None:
    """Refuse what is no video yet, or not the only one.

    Raises:
        Refused: It is so.
    """
    if info.get("is_live") or info.get("live_status") in LIVE:
        raise Refused("live", "it is a live or coming broadcast, not yet a video")
    if (info.get("n_entries") or 1) > 1:
        raise Refused("not_media", "leads to several videos, not to one")


def check_streams(info: dict[str, Any]) -> None:
    """Refuse streams that come by anything but http and https.

    Raises:
        Refused: One does.
    """
    for stream in info.get("requested_formats") or [info]:
        url = stream.get("url")
        if url is not None and not url.lower().startswith(SCHEMES):
            scheme = url.partition(":")[0]
            why = f"its stream's scheme is {scheme}; http and https may be fetched"
            raise Refused("refused_address", f"the address may not be fetched: {why}")


def names(info: dict[str, Any]) -> list[str]:
    """Ids, handles, names and pages of those who uploaded it."""
    named = [*(info.get(key) for key in NAMING), *(info.get("creators") or ())]
    return list(dict.fromkeys(str(name) for name in named if name))


def said(info: dict[str, Any]) -> dict[str, Any]:
    """What the page says of the video and of whose it is."""
    return {
        "id": info.get("id"),
        "site": info.get("extractor_key"),
        "page": info.get("webpage_url"),
        "duration_s": info.get("duration"),
        "license": info.get("license"),
        "uploader": next(filter(None, map(info.get, LASTING)), None),
        "names": names(info),
    }
