"""The shards hold what the tables say: each clip's three files, in order, where they should be."""

from __future__ import annotations

import json
import tarfile
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from acav1m.release import checksums, layout, shards, tar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pyarrow.dataset as ds


def check(folder: Path, tables: Mapping[str, ds.Dataset]) -> Iterator[str]:
    """Read every shard from end to end and compare it with the tables."""
    index = tables["shards"].to_table().to_pylist()
    names = [shard["shard"] for shard in index]
    yield from _names(folder, names)
    for shard in index:
        path = folder / shard["shard"]
        if path.is_file():
            yield from _index(path, shard)
            yield from _contents(path, shard, _rows(tables, shard["shard"]))
    if "metadata" in tables:
        used = pc.unique(tables["metadata"].to_table(["shard"]).column("shard")).to_pylist()
        yield from (
            f"metadata names the shard {name}, which {layout.SHARDS} lacks"
            for name in used
            if name not in names
        )


def _names(folder: Path, names: list[str]) -> Iterator[str]:
    listed = (folder / layout.SHARD_LIST).read_text(encoding="utf-8").splitlines()
    if listed != names:
        yield f"{layout.SHARD_LIST} does not list the shards of {layout.SHARDS}"
    found = {f"data/{path.name}" for path in (folder / "data").glob("*.tar")}
    yield from (f"{name} is missing" for name in names if name not in found)
    yield from (f"{name} is not in {layout.SHARDS}" for name in sorted(found - set(names)))


def _index(path: Path, shard: Mapping[str, Any]) -> Iterator[str]:
    if path.stat().st_size != shard["bytes"]:
        yield (
            f"{shard['shard']} has {path.stat().st_size} bytes,"
            f" {layout.SHARDS} says {shard['bytes']}"
        )
    elif checksums.of(path) != shard["sha256"]:
        yield f"{shard['shard']} is not the file {layout.SHARDS} has the checksum of"


def _contents(path: Path, shard: Mapping[str, Any], rows: list[dict[str, Any]]) -> Iterator[str]:
    name = shard["shard"]
    if len(rows) != shard["clips"]:
        yield f"{name} has {shard['clips']} clips by {layout.SHARDS}, {len(rows)} by metadata"
    expected = ((row, kind) for row in rows for kind in _kinds(row))
    try:
        for member in tar.members(path):
            row, kind = next(expected, (None, ""))
            if row is None:
                yield f"{name} holds {member.name}, which metadata has no row for"
                return
            if member.name != f"{row['clip_id']}.{kind}":
                yield f"{name} holds {member.name} where {row['clip_id']}.{kind} should be"
                return
            yield from _member(name, member, row, kind)
    except (tarfile.TarError, EOFError, OSError) as error:
        yield f"{name} is not a readable tar: {error}"
        return
    for row, kind in expected:
        yield f"{name} ends early: {row['clip_id']}.{kind} and what follows is missing"
        return


def _kinds(row: Mapping[str, Any]) -> tuple[str, ...]:
    return shards.members(row, originals=layout.ORIGINAL_LOCATION[0] in row)


def _member(name: str, member: tar.Member, row: Mapping[str, Any], kind: str) -> Iterator[str]:
    if kind == "json":
        yield from _json(name, member, row)
        return
    offset, size, length, sha256 = (
        row[layout.column(kind, what)] for what in ("offset", "size", "bytes", "sha256")
    )
    if (member.offset, member.size) != (offset, size):
        yield f"{name}: {member.name} is not where metadata says its bytes are"
    if member.size != length:
        yield f"{name}: {member.name} has {member.size} bytes, not {length}"
    if tar.sha256(member.file) != sha256:
        yield f"{name}: {member.name} is not the file that was measured: its checksum differs"


def _json(name: str, member: tar.Member, row: Mapping[str, Any]) -> Iterator[str]:
    try:
        found = json.loads(member.file.read())
    except ValueError as error:
        yield f"{name}: {member.name} is not JSON: {error}"
        return
    stated = {key: value for key, value in row.items() if key not in layout.EVERY_LOCATION}
    if not isinstance(found, dict) or found != stated:
        differs = sorted(
            key
            for key in stated.keys() | (found.keys() if isinstance(found, dict) else ())
            if not isinstance(found, dict) or found.get(key, _ABSENT) != stated.get(key, _ABSENT)
        )
        yield f"{name}: {member.name} differs from metadata in {', '.join(differs)}"


_ABSENT = object()


def _rows(tables: Mapping[str, ds.Dataset], shard: str) -> list[dict[str, Any]]:
    if "metadata" not in tables:
        return []
    table = tables["metadata"].to_table(filter=pc.field("shard") == shard)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows
