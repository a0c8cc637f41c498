"""Tell by its first bytes what a file that is no media is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av

from acav1m.errors import ClipError

if TYPE_CHECKING:
    from pathlib import Path


def refuse_text(path: Path) -> None:
    """Text is no media, and playlists (text too) must not send a demuxer elsewhere."""
    with path.open("rb") as file:
        refuse_head(file.read(512))


def refuse_head(head: bytes) -> None:
    """The same for the first bytes of something that is still under way."""
    if is_page(head):
        raise ClipError("not_media", "is a web page saved under a media name")
    if b"\x00" not in head and _is_text(head):
        raise ClipError("not_media", "is a text file, not media")


def is_page(head: bytes) -> bool:
    """Whether these are the first bytes of a web page."""
    return head.lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _is_text(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4  # cut inside a character
    return True


def not_media(path: Path, error: av.error.FFmpegError) -> ClipError:
    with path.open("rb") as file:
        head = file.read(8)
    if head[4:8] == b"ftyp":
        return ClipError("truncated", "is an MP4 whose index (moov) is missing: cut off or broken")
    return ClipError("not_media", f"cannot be opened as media: {error.strerror}")
