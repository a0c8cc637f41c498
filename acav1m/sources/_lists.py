"""Read a list of files: CSV, TSV, JSONL or Parquet, with columns of types the ledger knows."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb

from acav1m.errors import AcavError
from acav1m.sql import connect, identifier, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READERS = {
    ".csv": "read_csv",
    ".tsv": "read_csv",
    ".jsonl": "read_json",
    ".parquet": "read_parquet",
}
TYPED = {"path": str, "start_s": float, "end_s": float, "license": str}
"""Columns with a meaning of their own; every other one is metadata of any type."""
BATCH = 1000


def is_list(path: Path) -> bool:
    """Whether a path is a list rather than a video or a folder."""
    return path.suffix.lower() in READERS and path.is_file()


def columns(path: Path) -> dict[str, Any]:
    """All columns with their types.

    Raises:
        AcavError: It cannot be read, has no `path`, or a column of a type the ledger lacks.
    """
    stat = path.stat()
    return dict(_columns(path, stat.st_size, stat.st_mtime_ns))


@cache
def _columns(path: Path, size: int, modified_ns: int) -> dict[str, Any]:
    """A recipe's every filter asks again, and to type a text is to read all of it."""
    found = _schema(path)
    if "path" not in found:
        raise AcavError(f"{path}: has no column 'path'; its columns are {', '.join(found)}")
    return {name: _kind(path, name, arrow) for name, arrow in found.items()}


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Stream the rows in their order, numbers of any width as their column's own type."""
    kinds = columns(path)
    try:
        with connect([path.parent]) as connection:
            found = connection.execute(f"SELECT * FROM {_reader(path)}")
            while batch := found.fetchmany(BATCH):
                for values in batch:
                    named = zip(kinds.items(), values, strict=True)
                    yield {name: _plain(kind, value) for (name, kind), value in named}
    except duckdb.Error as error:
        raise _unreadable(path, error) from error


def _kind(path: Path, name: str, arrow: Any) -> Any:
    from acav1m.table import column_type

    kind = column_type(arrow)
    wanted = TYPED.get(name, kind)
    if kind is not None and (kind == wanted or (kind, wanted) == (int, float)):
        return wanted
    if _is_empty(path, name):
        return wanted or str
    what = {float: "numbers", str: "text"}.get(wanted, "text, numbers or lists of them")
    raise AcavError(f"{path}: column '{name}' must hold {what}, not {arrow}")


def _is_empty(path: Path, name: str) -> bool:
    with connect([path.parent]) as connection:
        query = f"SELECT count({identifier(name)}) FROM {_reader(path)}"
        [(count,)] = connection.execute(query).fetchall()
    return bool(count == 0)


def _plain(kind: Any, value: Any) -> Any:
    if kind is float and value is not None:
        return None if math.isnan(value) else float(value)
    if kind == list[float] and value is not None:
        return [_plain(float, inner) for inner in value]
    return value


def _schema(path: Path) -> dict[str, Any]:
    try:
        with connect([path.parent]) as connection:
            table = connection.sql(f"SELECT * FROM {_reader(path)} LIMIT 0").to_arrow_table()
    except duckdb.Error as error:
        raise _unreadable(path, error) from error
    return dict(zip(table.schema.names, table.schema.types, strict=True))


def _reader(path: Path) -> str:
    """A whole text is looked at before its columns get types: row 30 000 may hold a word."""
    reader = READERS[path.suffix.lower()]
    whole = "" if reader == "read_parquet" else ", sample_size = -1"
    return f"{reader}({quoted(str(path))}{whole})"


def _unreadable(path: Path, error: Exception) -> AcavError:
    return AcavError(f"{path}: is not a readable list: {str(error).splitlines()[0]}")
