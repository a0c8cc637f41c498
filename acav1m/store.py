"""A folder of Parquet files that only grows: what is in it is done.

Each part of a stage is committed as one file under its final name, never changed. A row is done
when some file holds its key, so a list that grew, shrank or moved re-does only what is new.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path


class Store:
    """One stage's results under one cache key."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self.folder = folder
        self.schema = schema

    def commit(self, part_id: str, table: pa.Table) -> None:
        """Add a part: written under a temporary name, read back, flushed to disk, renamed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_parquet(self.folder / f"{part_id}.parquet", table.cast(self.schema))

    def read(self, columns: list[str] | None = None) -> pa.Table:
        """All rows of all parts; a row that two parts hold comes once."""
        files = sorted(self.folder.glob("*.parquet"))
        names = self.schema.names if columns is None else columns
        schema = pa.schema([field for field in self.schema if field.name in ("key", *names)])
        tables = [pq.read_table(file, columns=schema.names, partitioning=None) for file in files]
        table = pa.concat_tables([schema.empty_table(), *(t.cast(schema) for t in tables)])
        return _first_of_each(table, "key").select(names)


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a Parquet file so that a kill leaves either all of it or nothing."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    pq.write_table(table, unfinished, compression="zstd")
    if pq.read_metadata(unfinished).num_rows != table.num_rows:
        raise OSError(f"{unfinished} does not read back as it was written")
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(path)


def _first_of_each(table: pa.Table, key: str) -> pa.Table:
    if pc.count_distinct(table[key]).as_py() == table.num_rows:
        return table
    at = pa.array(range(table.num_rows))
    first = table.append_column("_at", at).group_by(key, use_threads=False)
    return table.take(first.aggregate([("_at", "min")])["_at_min"].sort())
