"""Which types the columns of a list have, and the SQL that reads it so."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from acav1m.errors import AcavError
from acav1m.sql import connect, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

READERS = {
    ".csv": "read_csv",
    ".tsv": "read_csv",
    ".jsonl": "read_json",
    ".parquet": "read_parquet",
}
TEXTS = (".csv", ".tsv")
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


def types(path: Path) -> dict[str, str]:
    """DuckDB's own names of the columns' types.

    Raises:
        AcavError: The list cannot be read.
    """
    stat = path.stat()
    try:
        if path.suffix.lower() in TEXTS:
            return _sniffed(path, stat.st_size, stat.st_mtime_ns).types
        return _described(path, stat.st_size, stat.st_mtime_ns)
    except duckdb.Error as error:
        raise unreadable(path, error) from error


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
        found = connection.execute(f"DESCRIBE SELECT * FROM {reader(path, {})}").fetchall()
    return {name: type_ for name, type_, *_ in found}


def reader(path: Path, columns: Mapping[str, str]) -> str:
    """SQL that reads a list; a text of columns as these types, which are all of its own."""
    function, options = READERS[path.suffix.lower()], ""
    if function == "read_json":
        options = f", {_WHOLE}"
    elif function == "read_csv":
        stat = path.stat()
        given = ", ".join(f"{quoted(name)}: {quoted(type_)}" for name, type_ in columns.items())
        written = _sniffed(path, stat.st_size, stat.st_mtime_ns).written
        options = f", auto_detect = false, header = true, columns = {{{given}}}, {written}"
    return f"{function}({quoted(str(path))}{options})"


def unreadable(path: Path, error: Exception) -> AcavError:
    """What to tell of a list that DuckDB gives up on."""
    first, *more = str(error).splitlines()
    said = [first, *(line for line in more if line.startswith("Error when"))]
    return AcavError(f"{path}: is not a readable list: {'; '.join(said)}")
