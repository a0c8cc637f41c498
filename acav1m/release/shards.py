"""WebDataset shards: `<clip_id>.flac`, `<clip_id>.json`, `<clip_id>.mp4`, clip after clip."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from acav1m.errors import ReleaseError
from acav1m.recipe import SPLITS
from acav1m.release import layout, tar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from acav1m.release.previous import Previous

LOCATION = pa.schema(
    [(name, pa.string() if name == "shard" else pa.int64()) for name in layout.LOCATION]
)
INDEX = pa.schema(
    [
        ("shard", pa.string()),
        ("split", pa.string()),
        ("clips", pa.int64()),
        ("bytes", pa.int64()),
        ("sha256", pa.string()),
    ]
)


def write(
    clips: pa.Table,
    media: Mapping[str, Path],
    folder: Path,
    clips_per_shard: int,
    previous: Previous | None = None,
) -> tuple[dict[str, pa.Table], pa.Table]:
    """Write all shards; return the metadata of each split that has clips, and the shard index.

    Media is streamed from disk, so memory does not grow with it. A shard whose every row is as
    in the previous release is taken from there.

    Raises:
        ReleaseError: A clip's media is missing, or not what the ledger measured.
    """
    metadata: dict[str, pa.Table] = {}
    index: list[dict[str, Any]] = []
    for split in SPLITS:
        rows = clips.filter(pa.compute.field("split") == split)
        places: list[dict[str, Any]] = []
        for number, first in enumerate(range(0, rows.num_rows, clips_per_shard)):
            name = layout.shard(split, number)
            part = rows.slice(first, clips_per_shard)
            same = previous.take(name, part, folder / name) if previous else None
            sha256, inside = same or _write_one(part, media, folder / name)
            places += [{"shard": name, **place} for place in inside]
            size = (folder / name).stat().st_size
            index.append(
                {"shard": name, "split": split, "clips": len(inside), "bytes": size}
                | {"sha256": sha256}
            )
        if places:
            metadata[split] = _beside(rows, pa.Table.from_pylist(places, LOCATION))
    return metadata, pa.Table.from_pylist(index, INDEX)


def member(row: Mapping[str, Any]) -> bytes:
    """The JSON member of a clip: its metadata row, keys sorted, unknown as null."""
    return json.dumps(row, sort_keys=True, allow_nan=False, ensure_ascii=False).encode()


def _write_one(
    rows: pa.Table, media: Mapping[str, Path], path: Path
) -> tuple[str, list[dict[str, int]]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tar.Writer(path) as shard:
        places = [_add(shard, row, media) for row in rows.to_pylist()]
        return shard.close(), places


def _add(shard: tar.Writer, row: dict[str, Any], media: Mapping[str, Path]) -> dict[str, int]:
    clip_id = row["clip_id"]
    if not layout.KEY.fullmatch(clip_id):
        raise ValueError(f"clip_id {clip_id!r} is no WebDataset key ({layout.KEY.pattern})")
    if clip_id not in media:
        raise ReleaseError(f"clip {clip_id} is {row['state']}, but there is no media for it")
    place: dict[str, int] = {}
    for kind in layout.MEMBERS:
        name = f"{clip_id}.{kind}"
        if kind == "json":
            shard.add_bytes(name, member(row))
            continue
        payload = _copy(shard, name, media[clip_id].with_name(f"{media[clip_id].name}.{kind}"))
        if payload.sha256 != row[f"{kind}_sha256"]:
            raise ReleaseError(f"{name} has changed since it was measured; build this clip again")
        place |= {f"{kind}_offset": payload.offset, f"{kind}_size": payload.size}
    return place


def _copy(shard: tar.Writer, name: str, path: Path) -> tar.Payload:
    try:
        with path.open("rb") as file:
            return shard.add(name, file, path.stat().st_size)
    except FileNotFoundError as error:
        raise ReleaseError(f"{name} is missing from the work folder; build it again") from error


def _beside(rows: pa.Table, places: pa.Table) -> pa.Table:
    for name in layout.LOCATION:
        rows = rows.append_column(name, places.column(name))
    return rows.combine_chunks()
