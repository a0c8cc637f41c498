"""Read a list of media: CSV, TSV, JSONL or Parquet, with columns of types the ledger knows."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from acav1m.errors import AcavError
from acav1m.sources._lists import casts, sniff
from acav1m.sql import connect, duckdb_type, identifier
from acav1m.sql.connection import THREADS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_SPAN = {"start_s": float, "end_s": float, "license": str}
_WIDER: dict[Any, tuple[Any, ...]] = {int: (float, str), float: (str,), bool: (str,)}
"""What else a type's values may become where a column has a meaning: `7` is a file's name."""
BATCH = 1000


def is_list(path: Path) -> bool:
    """Whether a path is a list rather than a video or a folder."""
    return path.suffix.lower() in sniff.READERS and path.is_file()


def typed(what: str) -> dict[str, Any]:
    """Columns with a meaning of their own; every other one is metadata of any type."""
    return {what: str, **_SPAN}


def columns(path: Path, what: str = "path") -> dict[str, Any]:
    """All columns with their types; the one called `what` says which media.

    Raises:
        AcavError: It cannot be read, has no such column, or one of a type the ledger lacks.
    """
    return {name: column.kind for name, column in _table(path, what).columns.items()}


def names(path: Path) -> list[str]:
    """What its columns are called."""
    return list(sniff.types(path))


def rows(path: Path, what: str = "path") -> Iterator[dict[str, Any]]:
    """Stream the rows in their order, each value as its column's type."""
    table = _table(path, what)
    selected = ", ".join(f"{c.sql} AS {identifier(name)}" for name, c in table.columns.items())
    names = tuple(table.columns)
    try:
        with connect([path.parent]) as connection:
            # More threads would only read ahead of those who take the rows.
            connection.execute(f"SET threads = {THREADS}")
            cursor = connection.execute(f"SELECT {selected} FROM {table.reader}")
            while batch := cursor.fetchmany(BATCH):
                for values in batch:
                    yield dict(zip(names, values, strict=True))
    except duckdb.Error as error:
        raise sniff.unreadable(path, error) from error


class _Column(NamedTuple):
    kind: Any
    sql: str


class _Table(NamedTuple):
    """What to select from to read the list, and what to select."""

    reader: str
    columns: dict[str, _Column]


def span(
    listed_in: Path | str, name: str, row: Mapping[str, Any]
) -> tuple[float | None, float | None]:
    """Where a row's clip begins and ends.

    Raises:
        AcavError: It ends before it begins, or these are no numbers.
    """
    said = [row.get("start_s"), row.get("end_s")]
    try:
        start_s, end_s = (None if one is None else float(one) for one in said)
    except (TypeError, ValueError):
        start_s = end_s = math.nan
    if not 0 <= (start_s or 0) < (math.inf if end_s is None else end_s):
        raise AcavError(f"{listed_in}: {name}: start_s {said[0]} and end_s {said[1]}")
    return start_s, end_s


def metadata(row: dict[str, Any], what: str = "path") -> dict[str, Any]:
    """What a row says beside that."""
    return {name: value for name, value in row.items() if name != what and name not in _SPAN}


def _table(path: Path, what: str) -> _Table:
    stat = path.stat()
    return _typed(path, what, stat.st_size, stat.st_mtime_ns)


@cache
def _typed(path: Path, what: str, size: int, modified_ns: int) -> _Table:
    """A recipe's every filter asks again, and to type a text is to read all of it."""
    types = sniff.types(path)
    if what not in types:
        raise AcavError(f"{path}: has no column '{what}'; its columns are {', '.join(types)}")
    known = typed(what)
    if path.suffix.lower() in sniff.TEXTS:  # `007` may be the name of a file
        types = {name: "VARCHAR" if known.get(name) is str else t for name, t in types.items()}
    reader = sniff.reader(path, types)
    return _Table(reader, {n: _column(path, reader, n, t, known) for n, t in types.items()})


def _column(path: Path, reader: str, name: str, type_: str, known: dict[str, Any]) -> _Column:
    kind, column = casts.kind(type_), identifier(name)
    wanted = known.get(name, kind)
    if wanted is int and casts.is_wide(type_):
        fits = _one(
            path, f"SELECT count(TRY_CAST({column} AS BIGINT)) = count({column}) FROM {reader}"
        )
        wanted = int if fits else str  # numbers of 20 digits are names, not amounts
    if kind is not None and (kind == wanted or wanted in _WIDER.get(kind, ())):
        return _Column(wanted, casts.cast(name, type_, wanted))
    if _one(path, f"SELECT count({column}) FROM {reader}") == 0:
        return _Column(wanted or str, f"CAST(NULL AS {duckdb_type(wanted or str)})")
    what = {float: "numbers", str: "text"}.get(wanted, "text, numbers or lists of them")
    raise AcavError(f"{path}: column '{name}' must hold {what}, not {type_}")


def _one(path: Path, query: str) -> Any:
    try:
        with connect([path.parent]) as connection:
            [(answer,)] = connection.execute(query).fetchall()
    except duckdb.Error as error:
        raise sniff.unreadable(path, error) from error
    return answer
