"""The one shard that Croissant lists in full, as a preview that a reader can afford to open."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyarrow.compute as pc
import pyarrow.parquet as pq

from acav1m.release import layout

if TYPE_CHECKING:
    from pathlib import Path

MEDIA_TYPES = {"mp4": "video/mp4", "flac": "audio/flac", layout.ORIGINAL: "audio/flac"}


class Preview(NamedTuple):
    """A shard and the kinds of media in it."""

    shard: str
    kinds: tuple[str, ...]

    def pattern(self, kind: str) -> str:
        """Which files are of that kind; a clip_id ends in digits, `orig` does not.

        >>> one = Preview("data/train-00000.tar", ("mp4", "flac", "orig.flac"))
        >>> one.pattern("flac"), one.pattern("orig.flac")
        ('*[0-9].flac', '*.orig.flac')
        """
        both = kind == "flac" and layout.ORIGINAL in self.kinds
        return f"*[0-9].{kind}" if both else f"*.{kind}"


def choose(folder: Path) -> Preview | None:
    """The smallest shard, of those with originals where there are any; None without a shard."""
    tars = sorted((folder / "data").glob("*.tar"), key=lambda tar: (tar.stat().st_size, tar.name))
    names = [f"data/{tar.name}" for tar in tars]
    edited = _with_originals(folder)
    for name in names:
        if name in edited:
            return Preview(name, ("mp4", "flac", layout.ORIGINAL))
    return Preview(names[0], ("mp4", "flac")) if names else None


def _with_originals(folder: Path) -> set[str]:
    column = layout.ORIGINAL_LOCATION[0]
    found: set[str] = set()
    for path in (folder / "metadata").glob("*.parquet"):
        if column in pq.read_schema(path).names:
            rows = pq.read_table(
                path, columns=["shard", column], filters=pc.field(column).is_valid()
            )
            found |= set(rows["shard"].to_pylist())
    return found


def identity(kind: str) -> str:
    """The `@id` of the files of a kind.

    >>> identity("orig.flac")
    'preview-orig-flac'
    """
    return f"preview-{kind.replace('.', '-')}"
