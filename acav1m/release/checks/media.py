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
from acav1m.release import layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow.dataset as ds

_COLUMNS = ("clip_id", *layout.EVERY_LOCATION, "edit_transform")
_KINDS = ("mp4", "flac", layout.ORIGINAL)


def chosen(metadata: ds.Dataset, share: float) -> pa.Table:
    """Places, and edits, of a share of the clips; the same ones each time, by their ids."""
    places = metadata.to_table(columns=[c for c in _COLUMNS if c in metadata.schema.names])
    ids = places.column("clip_id").to_pylist()
    return places.filter(pa.array([_draw(clip_id) < share for clip_id in ids], pa.bool_()))


def check(folder: Path, places: pa.Table) -> Iterator[str]:
    """Decode clips from end to end."""
    with tempfile.TemporaryDirectory(prefix="acav1m-") as temporary:
        for batch in places.to_batches(max_chunksize=1024):
            for row in batch.to_pylist():
                for kind in _KINDS:
                    yield from _decode(folder, row, kind, Path(temporary) / f"clip.{kind}")


def _draw(clip_id: str) -> float:
    return int.from_bytes(hashlib.sha256(clip_id.encode()).digest()[:6]) / 2**48


def part(folder: Path, row: Mapping[str, Any], kind: str) -> bytes | None:
    """The bytes of one file of a clip; None where they would lie outside of the shard."""
    offset, size = (row[layout.column(kind, what)] for what in ("offset", "size"))
    with (folder / row["shard"]).open("rb") as shard:
        if offset is None or size is None:
            return None
        if not 0 <= offset <= offset + size <= os.fstat(shard.fileno()).st_size:
            return None
        return os.pread(shard.fileno(), size, offset)


def _decode(folder: Path, row: dict[str, Any], kind: str, path: Path) -> Iterator[str]:
    if kind == layout.ORIGINAL and row.get(layout.column(kind, "offset")) is None:
        return
    found = part(folder, row, kind)
    if found is None:
        yield f"{row['shard']}: the {kind} of {row['clip_id']} would lie outside of it"
        return
    path.write_bytes(found)
    try:
        decode.clip(path) if kind == "mp4" else decode.flac(path)
    except ClipError as error:
        yield f"{row['shard']}: the {kind} of {row['clip_id']} does not decode: {error.message}"
