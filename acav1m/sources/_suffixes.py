"""How names of media end, and what a fetched file is called."""

from __future__ import annotations

from pathlib import PurePosixPath

SUFFIXES = (
    *(".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".mpg", ".mpeg", ".ts", ".m2ts"),
    *(".flv", ".ogv", ".wmv", ".3gp"),
)
"""Ends of names that a fetched file may keep; of others, only the content tells."""


def is_video(name: str) -> bool:
    """Whether a name ends as a video's does."""
    return name.lower().endswith(SUFFIXES)


def plain(name: str) -> str:
    """What the file is called here; a demuxer that knows no better goes by how it ends.

    >>> plain("/a/b.WebM"), plain("../../get")
    ('source.webm', 'source')
    """
    return f"source{PurePosixPath(name).suffix.lower()}" if is_video(name) else "source"
