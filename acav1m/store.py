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
        tables = [
            rows.append_column(_AGE, pa.repeat(age, rows.num_rows))
            for age, rows in enumerate(read_part(path, schema) for path in parts)
        ]
        empty = schema.append(pa.field(_AGE, pa.int64())).empty_table()
        return _newest(pa.concat_tables([empty, *tables]), self.by).select(names)


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
            found = file.read([name for name in schema.names if name in there])
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


def _newest(table: pa.Table, by: str) -> pa.Table:
    """Of rows that stand in several parts, those of the newest."""
    parts = table.group_by([by, _AGE], use_threads=False).aggregate([])
    if parts.num_rows == pc.count_distinct(table[by]).as_py():
        return table
    newest = parts.group_by(by, use_threads=False).aggregate([(_AGE, "max")])
    age = newest[f"{_AGE}_max"].take(pc.index_in(table[by], newest[by]))
    return table.filter(pc.equal(table[_AGE], age))
