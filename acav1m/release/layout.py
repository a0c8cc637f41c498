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

STATES = ("kept", "flagged", "rejected", "failed")
RELEASED = ("kept", "flagged")
"""The states whose clips are in the shards."""

MEMBERS = ("flac", "json", "mp4")
"""The files of one clip in a shard, in this order."""

LOCATION = ("shard", "mp4_offset", "mp4_size", "flac_offset", "flac_size")
"""Where a clip's bytes are: only in the metadata tables, for a shard cannot name itself."""

KEY = re.compile(r"[A-Za-z0-9_-]+")
"""What a clip_id may hold: a dot would end a WebDataset key, other signs trip file systems."""

_WORK_ONLY = {"locator", "stamp"}


def is_public(column: str) -> bool:
    """Whether a ledger column may leave the work folder.

    >>> is_public("source_uri"), is_public("locator"), is_public("_part")
    (True, False, False)
    """
    return column not in _WORK_ONLY and not column.startswith("_")


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
