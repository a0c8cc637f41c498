"""Names of the files of a release, and the columns only a release has."""

from __future__ import annotations

import re

FORMAT = 1
"""Version of this layout; another number in `recipe.lock.yaml` means another reader is needed."""

LOCK = "recipe.lock.yaml"
CHECKSUMS = "checksums.sha256"
README = "README.md"
CROISSANT = "croissant.json"
SHARDS = "shards.parquet"
SHARD_LIST = "shards.txt"
CALIBRATION = "calibration"
REJECTED = "rejected/rejected-00000.parquet"
EDITS = "edits/edits-00000.parquet"
"""Only in releases whose recipe has editors."""

STATES = ("kept", "flagged", "rejected", "failed")
RELEASED = ("kept", "flagged")
"""The states whose clips are in the shards."""

MEMBERS = ("flac", "json", "mp4")
"""The files of one clip in a shard, in this order."""

ORIGINAL = "orig.flac"
"""The sound of an edited clip as it was before: the last of its files."""

LOCATION = ("shard", "mp4_offset", "mp4_size", "flac_offset", "flac_size")
"""Where a clip's bytes are: only in the metadata tables, for a shard cannot name itself."""

ORIGINAL_LOCATION = ("orig_flac_offset", "orig_flac_size")
"""The same of the sound before editing: only in releases that may hold it; null if not edited."""

EVERY_LOCATION = LOCATION + ORIGINAL_LOCATION

KEY = re.compile(r"[A-Za-z0-9_-]+")
"""What a clip_id may hold: a dot would end a WebDataset key, other signs trip file systems."""

_WORK_ONLY = {"locator", "stamp"}


def is_public(column: str) -> bool:
    """Whether a ledger column may leave the work folder.

    >>> is_public("source_uri"), is_public("locator"), is_public("_part")
    (True, False, False)
    """
    return column not in _WORK_ONLY and not column.startswith("_")


def members(*, original: bool) -> tuple[str, ...]:
    """The files of a clip whose original is there, or is not."""
    return (*MEMBERS, ORIGINAL) if original else MEMBERS


def location(*, originals: bool) -> tuple[str, ...]:
    """The columns of places in a release that may hold originals, or may not."""
    return EVERY_LOCATION if originals else LOCATION


def column(kind: str, what: str) -> str:
    """The column that tells of one kind of file.

    >>> column("mp4", "offset"), column("orig.flac", "sha256")
    ('mp4_offset', 'orig_flac_sha256')
    """
    return f"{kind.replace('.', '_')}_{what}"


def shard(split: str, number: int) -> str:
    """Path of a shard.

    >>> shard("train", 3)
    'data/train-00003.tar'
    """
    return f"data/{split}-{number:05d}.tar"


def metadata(split: str) -> str:
    """Path of the metadata table of a split.

    >>> metadata("test")
    'metadata/test-00000.parquet'
    """
    return f"metadata/{split}-00000.parquet"
