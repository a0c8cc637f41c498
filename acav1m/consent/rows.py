"""Rows of an opt-out list as they stand: plain text, CSV, TSV, JSONL or Parquet.

Nothing guesses at types, for what looks like a number or a date may be an id.
"""

from __future__ import annotations

import csv
import json
import math
import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from acav1m.consent import entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    Row = dict[str, Any]

TABLES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
BATCH = 10_000
ALONE = "entry"
"""The column of an entry that stands alone in its line."""


def read(path: Path) -> Iterator[Row]:
    """The rows of a list, by the names of their columns.

    Raises:
        ValueError: It is not as its suffix says, or not in UTF-8.
    """
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            yield from _of_parquet(path)
            return
        with path.open(encoding="utf-8-sig", newline="") as file:
            match suffix:
                case ".csv" | ".tsv":
                    yield from _of_csv(file, "," if suffix == ".csv" else "\t")
                case ".jsonl" | ".ndjson":
                    yield from _of_jsonl(file)
                case _:
                    yield from _of_text(file)
    except UnicodeDecodeError as error:
        raise ValueError("is no text in UTF-8, nor a .parquet file") from error
    except (csv.Error, json.JSONDecodeError, pa.ArrowException) as error:
        raise ValueError(f"is not a readable list: {str(error).splitlines()[0]}") from error


def text(value: Any) -> str:
    """What one column of a row says; nothing is empty.

    Raises:
        ValueError: It is no text and no whole number.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():  # whole numbers beside empty cells
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{value!r} is no text")
    return str(value).strip()


def _of_text(lines: Iterable[str]) -> Iterator[Row]:
    """An entry a line; the first may name what they are, and `#` begins a comment."""
    name = None
    for line in lines:
        for part in line.splitlines():
            entry = re.split(r"(?:^|\s)#", part, maxsplit=1)[0].strip().strip('"')
            if entry and name is None and entry.lower() in entries.COLUMNS:
                name = entry
            elif entry:
                name = name or ALONE
                yield {name: entry}


def _of_csv(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    """A table whose first line names its columns; one of a single column need not be named."""
    told = (line for line in lines if not line.lstrip().startswith("#"))
    rows = csv.reader(told, delimiter=delimiter, strict=True)
    header = next((row for row in rows if row), [])
    if len(header) == 1 and entries.meaning(header[0]) is None:
        yield {ALONE: header[0]}
        header = [ALONE]
    if len({*header}) < len(header):
        raise ValueError(f"names a column twice: {', '.join(header)}")
    if header:
        entries.meanings(header)
    for number, row in enumerate(filter(None, rows), 1):
        if len(row) != len(header):
            raise ValueError(f"entry {number}: {len(row)} columns, in the first line {len(header)}")
        yield dict(zip(header, row, strict=True))


def _of_jsonl(lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(filter(str.strip, lines), 1):
        row = json.loads(line)
        if not isinstance(row, str | dict):
            raise ValueError(f"entry {number}: {line.strip()[:80]} is neither a text nor an object")
        yield row if isinstance(row, dict) else {ALONE: row}


def _of_parquet(path: Path) -> Iterator[Row]:
    with pq.ParquetFile(path) as file:
        entries.meanings(file.schema_arrow.names)
        for batch in file.iter_batches(BATCH):
            yield from batch.to_pylist()
