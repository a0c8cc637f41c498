"""SQL views of a release in a DuckDB that can reach nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from acav1m import sql
from acav1m.errors import ReleaseError
from acav1m.release import layout

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa


def connect(tables: Mapping[str, pa.Table | ds.Dataset]) -> duckdb.DuckDBPyConnection:
    """Open views of the given tables, and `clips`: metadata and rejected together by name.

    The tables are handed over as Arrow, so SQL needs no files, no network and no variables.

    Raises:
        ReleaseError: A table has no columns, or such as no release has.
    """
    con = sql.connect()
    try:
        for name, table in tables.items():
            con.register(name, table)
        parts = [name for name in ("metadata", "rejected") if name in tables]
        if parts:
            both = " union all by name ".join(f"select * from {name}" for name in parts)
            con.execute(f"create view clips as {both}").fetchall()
    except duckdb.Error as error:
        con.close()
        raise ReleaseError(f"the tables are damaged: {sql.first_line(error)}") from error
    con.execute("set lock_configuration = true").fetchall()
    return con


def datasets(folder: Path) -> dict[str, ds.Dataset]:
    """The tables of a release on disk, less `metadata` without clips and `edits` without editors.

    Raises:
        ReleaseError: A table is missing or is not readable Parquet.
    """
    found = {"metadata": sorted((folder / "metadata").glob("*.parquet"))}
    found |= {"rejected": [folder / layout.REJECTED], "shards": [folder / layout.SHARDS]}
    found |= {"edits": [path for path in [folder / layout.EDITS] if path.is_file()]}
    return {name: _dataset(name, paths) for name, paths in found.items() if paths}


def _dataset(name: str, paths: list[Path]) -> ds.Dataset:
    try:
        schemas = [pq.read_schema(path) for path in paths]
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise ReleaseError(f"the {name} table is not readable: {reason}") from error
    if any(schema != schemas[0] for schema in schemas):
        raise ReleaseError(f"the files of the {name} table differ in their columns")
    return ds.dataset(paths, schema=schemas[0], format="parquet")
