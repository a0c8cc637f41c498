"""The card says what the tables hold: features, splits, and every number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.errors import ReleaseError
from acav1m.release import card, columns, facts, layout, lock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import duckdb
    import pyarrow.dataset as ds


def check(
    folder: Path,
    tables: Mapping[str, ds.Dataset],
    con: duckdb.DuckDBPyConnection,
    locked: Mapping[str, Any],
) -> Iterator[str]:
    """Compare README.md with what the tables give when counted again."""
    text = (folder / layout.README).read_text(encoding="utf-8")
    front = card.read_front_matter(text)
    counted = facts.count(con, lock.reasons(locked))
    yield from _splits(front, counted)
    if "metadata" in tables:
        yield from _features(front, tables["metadata"])
    for name, table in counted.tables.items():
        if table and name not in _NOT_ON_CARD and (counted.released or name != "numbers"):
            yield from _table(text, name, table)


_NOT_ON_CARD = ("missing",)


def _splits(front: Mapping[str, Any], counted: facts.Facts) -> Iterator[str]:
    info = _info(front)
    stated = {split["name"]: split["num_examples"] for split in info.get("splits", [])}
    if stated != dict(counted.splits):
        yield f"{layout.README} declares the splits {stated}, metadata has {dict(counted.splits)}"


def _features(front: Mapping[str, Any], metadata: ds.Dataset) -> Iterator[str]:
    declared = {feature["name"]: feature for feature in _info(front).get("features", [])}
    stated = {column["name"]: column for column in declared.get("json", {}).get("struct", [])}
    found = {
        field.name: columns.feature(field)
        for field in metadata.schema
        if field.name not in layout.EVERY_LOCATION
    }
    wrong = sorted(key for key in stated | found if stated.get(key) != found.get(key))
    if wrong:
        yield f"{layout.README} declares other types than metadata has for {', '.join(wrong)}"
    kinds = layout.members(original=layout.ORIGINAL_LOCATION[0] in metadata.schema.names)
    absent = [kind for kind in kinds if kind not in declared]
    if absent:
        yield f"{layout.README} does not declare {', '.join(absent)}"


def _info(front: Mapping[str, Any]) -> Mapping[str, Any]:
    match front.get("dataset_info"):
        case [dict() as info, *_]:
            return info
        case None:  # of a release without clips
            return {}
    raise ReleaseError(f"dataset_info of {layout.README} is no list of mappings")


def _table(text: str, name: str, table: str) -> Iterator[str]:
    if f"\n{table}\n" not in text:
        yield f"{layout.README}: its table of {name} is not what the tables give when counted again"
