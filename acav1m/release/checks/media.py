"""The clips decode, picture and sound."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from acav1m.errors import ClipError
from acav1m.media import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow.dataset as ds

_COLUMNS = ["clip_id", "shard", "mp4_offset", "mp4_size", "flac_offset", "flac_size"]


def chosen(metadata: ds.Dataset, share: float) -> pa.Table:
    """Places of a share of the clips; the same ones each time, for they follow from the id."""
    places = metadata.to_table(columns=_COLUMNS)
    ids = places.column("clip_id").to_pylist()
    return places.filter(pa.array([_draw(clip_id) < share for clip_id in ids], pa.bool_()))


def check(folder: Path, places: pa.Table) -> Iterator[str]:
    """Decode clips from end to end."""
    with tempfile.TemporaryDirectory(prefix="acav1m-") as temporary:
        for batch in places.to_batches(max_chunksize=1024):
            for row in batch.to_pylist():
                for kind in ("mp4", "flac"):
                    yield from _decode(folder, row, kind, Path(temporary) / f"clip.{kind}")


def _draw(clip_id: str) -> float:
    return int.from_bytes(hashlib.sha256(clip_id.encode()).digest()[:6]) / 2**48


def _decode(folder: Path, row: dict[str, Any], kind: str, path: Path) -> Iterator[str]:
    offset, size = row[f"{kind}_offset"], row[f"{kind}_size"]
    with (folder / row["shard"]).open("rb") as shard:
        if not 0 <= offset <= offset + size <= os.fstat(shard.fileno()).st_size:
            yield f"{row['shard']}: the {kind} of {row['clip_id']} would lie outside of it"
            return
        path.write_bytes(os.pread(shard.fileno(), size, offset))
    try:
        decode.clip(path) if kind == "mp4" else decode.flac(path)
    except ClipError as error:
        yield f"{row['shard']}: the {kind} of {row['clip_id']} does not decode: {error.message}"
