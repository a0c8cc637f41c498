"""Read a list of media: CSV, TSV, JSONL or Parquet, with columns of types the ledger knows."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from acav1m.errors import AcavError
from acav1m.sources import _casts
from acav1m.sql import connect, duckdb_type, identifier, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

READERS = {
    ".csv": "read_csv",
    ".tsv": "read_csv",
    ".jsonl": "read_json",
    ".parquet": "read_parquet",
}
_TEXTS = (".csv", ".tsv")
_WHOLE = "sample_size = -1"
_WRITTEN = {
    "Delimiter": "delim",
    "Quote": "quote",
    "Escape": "escape",
    "Comment": "comment",
    "DateFormat": "dateformat",
    "TimestampFormat": "timestampformat",
}
"""What `sniff_csv` finds of how a text is written, and what `read_csv` calls it."""

_NONE = "(empty)"
_LINES = (r"\n", r"\r", r"\r\n")
_SPAN = {"start_s": float, "end_s": float, "license": str}
_WIDER: dict[Any, tuple[Any, ...]] = {int: (float, str), float: (str,), bool: (str,)}
"""What else a type's values may become where a column has a meaning: `7` is a file's name."""
BATCH = 1000


def is_list(path: Path) -> bool:
    """Whether a path is a list rather than a video or a folder."""
    return path.suffix.lower() in READERS and path.is_file()


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
    return list(_types(path))


def rows(path: Path, what: str = "path") -> Iterator[dict[str, Any]]:
    """Stream the rows in their order, each value as its column's type."""
    table = _table(path, what)
    selected = ", ".join(f"{c.sql} AS {identifier(name)}" for name, c in table.columns.items())
    names = tuple(table.columns)
    try:
        with connect([path.parent]) as connection:
            cursor = connection.execute(f"SELECT {selected} FROM {table.reader}")
            while batch := cursor.fetchmany(BATCH):
                for values in batch:
                    yield dict(zip(names, values, strict=True))
    except duckdb.Error as error:
        raise _unreadable(path, error) from error


class _Column(NamedTuple):
    kind: Any
    sql: str


class _Table(NamedTuple):
    """What to select from to read the list, and what to select."""

    reader: str
    columns: dict[str, _Column]


def span(listed_in: Path, name: str, row: dict[str, Any]) -> tuple[float | None, float | None]:
    """Where a row's clip begins and ends.

    Raises:
        AcavError: It ends before it begins.
    """
    start_s, end_s = row.get("start_s"), row.get("end_s")
    if not 0 <= (start_s or 0) < (math.inf if end_s is None else end_s):
        raise AcavError(f"{listed_in}: {name}: start_s {start_s} and end_s {end_s}")
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
    types = _types(path)
    if what not in types:
        raise AcavError(f"{path}: has no column '{what}'; its columns are {', '.join(types)}")
    known = typed(what)
    if path.suffix.lower() in _TEXTS:  # `007` may be the name of a file
        types = {name: "VARCHAR" if known.get(name) is str else t for name, t in types.items()}
    reader = _reader(path, types)
    return _Table(reader, {n: _column(path, reader, n, t, known) for n, t in types.items()})


def _column(path: Path, reader: str, name: str, type_: str, known: dict[str, Any]) -> _Column:
    kind, column = _casts.kind(type_), identifier(name)
    wanted = known.get(name, kind)
    if wanted is int and _casts.is_wide(type_):
        fits = _one(
            path, f"SELECT count(TRY_CAST({column} AS BIGINT)) = count({column}) FROM {reader}"
        )
        wanted = int if fits else str  # numbers of 20 digits are names, not amounts
    if kind is not None and (kind == wanted or wanted in _WIDER.get(kind, ())):
        return _Column(wanted, _casts.cast(name, type_, wanted))
    if _one(path, f"SELECT count({column}) FROM {reader}") == 0:
        return _Column(wanted or str, f"CAST(NULL AS {duckdb_type(wanted or str)})")
    what = {float: "numbers", str: "text"}.get(wanted, "text, numbers or lists of them")
    raise AcavError(f"{path}: column '{name}' must hold {what}, not {type_}")


def _one(path: Path, query: str) -> Any:
    with connect([path.parent]) as connection:
        [(answer,)] = connection.execute(query).fetchall()
    return answer


def _types(path: Path) -> dict[str, str]:
    """DuckDB's own names of the columns' types."""
    stat = path.stat()
    try:
        if path.suffix.lower() in _TEXTS:
            return _sniffed(path, stat.st_size, stat.st_mtime_ns).types
        return _described(path, stat.st_size, stat.st_mtime_ns)
    except duckdb.Error as error:
        raise _unreadable(path, error) from error


class _Text(NamedTuple):
    """What a text's columns are, and how it is written, as options of `read_csv`."""

    types: dict[str, str]
    written: str


@cache
def _sniffed(path: Path, size: int, modified_ns: int) -> _Text:
    """A whole text is looked at before its columns get types: row 30 000 may hold a word.

    That takes far longer than to read it, so it is done once.
    """
    if size == 0:
        return _Text({}, "")
    columns = ", ".join(("Columns", *_WRITTEN, "NewLineDelimiter", "SkipRows"))
    with connect([path.parent]) as connection:
        [(found, *written, line, skipped)] = connection.execute(
            f"SELECT {columns} FROM sniff_csv({quoted(str(path))}, {_WHOLE}, header = true)"
        ).fetchall()
    said = dict(zip(_WRITTEN.values(), written, strict=True))
    options = [f"{k} = {quoted(v.replace(_NONE, ''))}" for k, v in said.items() if v is not None]
    options += [f"skip = {skipped}"] + ([f"new_line = '{line}'"] if line in _LINES else [])
    return _Text({column["name"]: column["type"] for column in found}, ", ".join(options))


@cache
def _described(path: Path, size: int, modified_ns: int) -> dict[str, str]:
    with connect([path.parent]) as connection:
        found = connection.execute(f"DESCRIBE SELECT * FROM {_reader(path, {})}").fetchall()
    return {name: type_ for name, type_, *_ in found}


def _reader(path: Path, types: Mapping[str, str]) -> str:
    """SQL that reads a list; a text of columns as these types, which are all of its own."""
    reader, options = READERS[path.suffix.lower()], ""
    if reader == "read_json":
        options = f", {_WHOLE}"
    elif reader == "read_csv":
        stat, given = path.stat(), ", ".join(f"{quoted(n)}: {quoted(t)}" for n, t in types.items())
        written = _sniffed(path, stat.st_size, stat.st_mtime_ns).written
        options = f", auto_detect = false, header = true, columns = {{{given}}}, {written}"
    return f"{reader}({quoted(str(path))}{options})"


def _unreadable(path: Path, error: Exception) -> AcavError:
    return AcavError(f"{path}: is not a readable list: {str(error).splitlines()[0]}")
