"""The clips decode, picture and sound."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acav1m.errors import ClipError
from acav1m.media import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow.dataset as ds

_COLUMNS = ["clip_id", "shard", "mp4_offset", "mp4_size", "flac_offset", "flac_size"]


def check(folder: Path, metadata: ds.Dataset, share: float) -> Iterator[str]:
    """Decode the chosen clips from end to end."""
    with tempfile.TemporaryDirectory(prefix="acav1m-") as temporary:
        for row in chosen(metadata, share):
            for kind in ("mp4", "flac"):
                yield from _decode(folder, row, kind, Path(temporary) / f"clip.{kind}")


def chosen(metadata: ds.Dataset, share: float) -> Iterator[dict[str, Any]]:
    """Rows of a share of the clips; the same ones each time, for they follow from the id."""
    for batch in metadata.to_batches(columns=_COLUMNS):
        yield from (row for row in batch.to_pylist() if _draw(row["clip_id"]) < share)


def _draw(clip_id: str) -> float:
    return int.from_bytes(hashlib.sha256(clip_id.encode()).digest()[:6]) / 2**48


def _decode(folder: Path, row: dict[str, Any], kind: str, path: Path) -> Iterator[str]:
    with (folder / row["shard"]).open("rb") as shard:
        path.write_bytes(os.pread(shard.fileno(), row[f"{kind}_size"], row[f"{kind}_offset"]))
    try:
        decode.clip(path) if kind == "mp4" else decode.flac(path)
    except ClipError as error:
        yield f"{row['shard']}: the {kind} of {row['clip_id']} does not decode: {error.message}"
