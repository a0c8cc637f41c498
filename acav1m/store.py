"""A folder of Parquet files that only grows: what is in it is done.

Each part of a stage is committed as one file under its final name, never changed. A row is done
when some file holds its key, so a list that grew, shrank or moved re-does only what is new. What
was done again (a failure that was retried) is in a newer file, which counts.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from acav1m.errors import AcavError

if TYPE_CHECKING:
    from pathlib import Path

_AGE = "_age"


class Store:
    """One stage's results under one cache key."""

    def __init__(self, folder: Path, schema: pa.Schema, by: str = "key") -> None:
        self.folder = folder
        self.schema = schema
        self.by = by
        """The column whose rows were always done together."""

    def commit(self, part_id: str, table: pa.Table) -> None:
        """Add a part: written under a temporary name, read back, flushed to disk, renamed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_parquet(self.folder / f"{part_id}.parquet", table.cast(self.schema))

    def read(self, columns: list[str] | None = None) -> pa.Table:
        """All rows of all parts; of what several parts hold, the newest.

        Raises:
            AcavError: A part's file is damaged.
        """
        names = self.schema.names if columns is None else columns
        schema = pa.schema([field for field in self.schema if field.name in (self.by, *names)])
        parts = sorted(self.folder.glob("*.parquet"), key=lambda p: (p.stat().st_mtime_ns, p.name))
        tables = [schema.empty_table(), *(read_part(path, schema) for path in parts)]
        return _newest(tables, self.by).select(names)


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a Parquet file so that a kill leaves either all of it or nothing."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    pq.write_table(table, unfinished, compression="zstd")
    if pq.read_metadata(unfinished).num_rows != table.num_rows:
        raise OSError(f"{unfinished} does not read back as it was written")
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(path)


def read_part(path: Path, schema: pa.Schema) -> pa.Table:
    """The rows of one part's file, with these columns; null where it has none of that name.

    Raises:
        AcavError: It is damaged.
    """
    try:
        with pq.ParquetFile(path) as file:  # opened once: a list of a million has thousands
            there = file.schema_arrow.names
            found = file.read([n for n in schema.names if n in there], use_threads=False)
        for field in schema:
            if field.name not in there:  # an older version did not ask: unknown
                found = found.append_column(field, pa.nulls(found.num_rows, field.type))
        found = found.select(schema.names)
        return found if found.schema.equals(schema) else found.cast(schema)
    except pa.ArrowException as error:
        raise AcavError(
            f"{path} is damaged; delete it and run the same command again: only what it held is "
            "done anew"
        ) from error


def _newest(tables: list[pa.Table], by: str) -> pa.Table:
    """The rows of all tables; of what stands in several, those of the last."""
    rows = pa.concat_tables(tables)
    if sum(_distinct(table[by]) for table in tables) == _distinct(rows[by]):
        return rows  # as a rule: to look for what there is not takes memory
    ages = [pa.repeat(age, table.num_rows) for age, table in enumerate(tables)]
    aged = pa.table({by: rows[by], _AGE: pa.chunked_array(ages, pa.int64())})
    newest = aged.group_by(by, use_threads=False).aggregate([(_AGE, "max")])
    age = newest[f"{_AGE}_max"].take(pc.index_in(rows[by], newest[by]))
    return rows.filter(pc.equal(aged[_AGE], age))


def _distinct(column: pa.ChunkedArray) -> int:
    return int(pc.count_distinct(column).as_py())
