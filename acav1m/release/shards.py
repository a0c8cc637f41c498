"""WebDataset shards: `<clip_id>.flac`, `.json`, `.mp4`, and `.orig.flac` of edited clips."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from acav1m.errors import ReleaseError
from acav1m.recipe import SPLITS
from acav1m.release import layout, tar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from acav1m.release.previous import Previous

INDEX = pa.schema(
    [
        ("shard", pa.string()),
        ("split", pa.string()),
        ("clips", pa.int64()),
        ("bytes", pa.int64()),
        ("sha256", pa.string()),
    ]
)


@dataclass(frozen=True)
class OnDisk:
    """Where the files of released clips lie before they are in shards."""

    stems: Mapping[str, Path]
    """clip_id to the stem of `<stem>.mp4` and `<stem>.flac`."""

    originals: Mapping[str, Path] | None = None
    """clip_id to an edited clip's FLAC as it was before; None where a release holds none."""

    def kinds(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """The files of one clip in a shard, in their order."""
        return members(row, originals=self.originals is not None)

    def path(self, row: Mapping[str, Any], kind: str) -> Path:
        """Where one of them lies.

        Raises:
            ReleaseError: Nobody knows.
        """
        clip_id = row["clip_id"]
        if kind == layout.ORIGINAL:
            found = (self.originals or {}).get(clip_id)
            if found is None:
                raise ReleaseError(f"clip {clip_id} is edited, but there is no original of it")
            return found
        if clip_id not in self.stems:
            raise ReleaseError(f"clip {clip_id} is {row['state']}, but there is no media for it")
        return self.stems[clip_id].with_name(f"{self.stems[clip_id].name}.{kind}")


def members(row: Mapping[str, Any], *, originals: bool) -> tuple[str, ...]:
    """The files of one clip in a shard that may hold originals, or may not."""
    return layout.members(original=originals and row.get("orig_flac_sha256") is not None)


def location(*, originals: bool) -> pa.Schema:
    """The columns of places, with their types."""
    names = layout.location(originals=originals)
    return pa.schema([(name, pa.string() if name == "shard" else pa.int64()) for name in names])


def write(
    clips: pa.Table,
    files: OnDisk,
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
    located = location(originals=files.originals is not None)
    index: list[dict[str, Any]] = []
    for split in SPLITS:
        rows = clips.filter(pa.compute.field("split") == split)
        places: list[dict[str, Any]] = []
        for number, first in enumerate(range(0, rows.num_rows, clips_per_shard)):
            name = layout.shard(split, number)
            part = rows.slice(first, clips_per_shard)
            same = previous.take(name, part, located.names, folder / name) if previous else None
            sha256, inside = same or _write_one(part, files, folder / name)
            places += [{"shard": name, **place} for place in inside]
            size = (folder / name).stat().st_size
            index.append(
                {"shard": name, "split": split, "clips": len(inside), "bytes": size}
                | {"sha256": sha256}
            )
        if places:
            metadata[split] = _beside(rows, pa.Table.from_pylist(places, located))
    return metadata, pa.Table.from_pylist(index, INDEX)


def member(row: Mapping[str, Any]) -> bytes:
    """The JSON member of a clip: its metadata row, keys sorted, unknown as null."""
    return json.dumps(row, sort_keys=True, allow_nan=False, ensure_ascii=False).encode()


def _write_one(
    rows: pa.Table, files: OnDisk, path: Path
) -> tuple[str, list[dict[str, int | None]]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tar.Writer(path) as shard:
        places = [_add(shard, row, files) for row in rows.to_pylist()]
        return shard.close(), places


def _add(shard: tar.Writer, row: dict[str, Any], files: OnDisk) -> dict[str, int | None]:
    clip_id = row["clip_id"]
    if not layout.KEY.fullmatch(clip_id):
        raise ValueError(f"clip_id {clip_id!r} is no WebDataset key ({layout.KEY.pattern})")
    place: dict[str, int | None] = {}
    for kind in files.kinds(row):
        name = f"{clip_id}.{kind}"
        if kind == "json":
            shard.add_bytes(name, member(row))
            continue
        payload = _copy(shard, name, files.path(row, kind))
        if payload.sha256 != row[layout.column(kind, "sha256")]:
            raise ReleaseError(f"{name} has changed since it was measured; build this clip again")
        place[layout.column(kind, "offset")] = payload.offset
        place[layout.column(kind, "size")] = payload.size
    return place


def _copy(shard: tar.Writer, name: str, path: Path) -> tar.Payload:
    try:
        with path.open("rb") as file:
            return shard.add(name, file, path.stat().st_size)
    except FileNotFoundError as error:
        raise ReleaseError(f"{name} is missing from the work folder; build it again") from error


def _beside(rows: pa.Table, places: pa.Table) -> pa.Table:
    for name in places.column_names:
        rows = rows.append_column(name, places.column(name))
    return rows.combine_chunks()
