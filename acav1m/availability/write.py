"""Put a row a source into a file: Parquet, CSV or JSON Lines, by what its name ends in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from acav1m import drawing
from acav1m.errors import AcavError, did_you_mean
from acav1m.store import write_parquet

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES = (".parquet", ".csv", ".jsonl")


def check(out: Path, *releases: Path) -> None:
    """Refuse a file that cannot be written, before anything is asked.

    Raises:
        AcavError: Its kind is unknown, or it lies in no folder, or in a release.
    """
    if out.suffix not in SUFFIXES:
        known = did_you_mean(out.suffix, SUFFIXES)
        raise AcavError(f"--out {out}: ends in no kind of table{known}")
    if out.is_dir():
        raise AcavError(f"--out {out}: is a folder; name a file")
    if not os.access(out.parent, os.W_OK | os.X_OK):
        raise AcavError(f"--out {out}: {out.parent} is no folder to write to")
    for release in releases:
        if out.resolve().is_relative_to(release.resolve()):
            raise AcavError(f"--out {out}: lies in the release {release}, which it would damage")


def write(out: Path, table: pa.Table) -> None:
    """Write the table, all of it or nothing."""
    if out.suffix == ".parquet":
        write_parquet(out, table)
        return
    unfinished = out.with_name(f".{out.name}.unfinished")
    if out.suffix == ".csv":
        csv.write_csv(_flat(table), unfinished)
    else:
        with unfinished.open("w", encoding="utf-8") as file:
            for batch in table.to_batches(10_000):
                file.writelines(f"{drawing.json_line(row)}\n" for row in batch.to_pylist())
    unfinished.replace(out)


def _flat(table: pa.Table) -> pa.Table:
    """Lists of words as words with spaces between."""
    for at, field in enumerate(table.schema):
        if pa.types.is_list(field.type):
            table = table.set_column(at, field.name, pc.binary_join(table.column(at), " "))
    return table
