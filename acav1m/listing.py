"""List the candidates of all sources: the first stage, which opens no media."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from acav1m import table
from acav1m.plan import digest
from acav1m.release import layout
from acav1m.sql import connect, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from acav1m.plan import Plan

BATCH = 10_000
ASKED: dict[str, Any] = {
    "key": str,
    "locator": str,
    "asked_start_s": float,
    "asked_end_s": float,
    "stamp": str,
}
RESERVED = {
    *ASKED,
    *layout.EVERY_LOCATION,
    *("candidate", "media", "file_row_number", "reject", "flag", "realign"),
}
"""Names that the tables of work folders and releases and a recipe's examples use; no list may."""


def write(plan: Plan, path: Path, limit: int | None) -> int:
    """Stream all candidates (the first `limit`) into a Parquet file; return how many.

    A candidate's key says what it is, not where it stands in the list, so a list that grows
    keeps the work already done. The same candidate listed twice gets two keys.

    Raises:
        AcavError: A source is wrong.
    """
    columns = ASKED | table.LISTED_COLUMNS | plan.metadata_columns()
    schema = table.schema(columns)
    unfinished, sorted_ = path.with_suffix(".unfinished"), path.with_suffix(".sorted")
    rows = itertools.islice(_rows(plan, columns), limit)
    with pq.ParquetWriter(unfinished, schema) as writer:
        while batch := list(itertools.islice(rows, BATCH)):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
    count = _number_repeats(unfinished, sorted_)
    unfinished.unlink()
    sorted_.replace(path)
    return count


def _rows(plan: Plan, columns: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, source in plan.sources.items():
        for candidate in source.candidates():
            span = (candidate.start_s, candidate.end_s)
            what = [name, source.version, candidate.uri, *span, candidate.stamp]
            yield {
                **dict.fromkeys(columns),
                "key": digest(what),
                "source": name,
                "source_uri": candidate.uri,
                "locator": candidate.locator,
                "asked_start_s": candidate.start_s,
                "asked_end_s": candidate.end_s,
                "stamp": candidate.stamp,
                "license": candidate.license,
                **candidate.metadata,
            }


def _number_repeats(listed: Path, numbered: Path) -> int:
    with connect([listed.parent]) as connection:
        query = f"""
            COPY (
                SELECT key || CASE WHEN _copy > 1 THEN '-' || _copy ELSE '' END AS key,
                    * EXCLUDE (key, _copy, file_row_number)
                FROM (
                    SELECT *, row_number() OVER (PARTITION BY key ORDER BY file_row_number) AS _copy
                    FROM read_parquet({quoted(str(listed))}, file_row_number = true)
                ) ORDER BY file_row_number
            ) TO {quoted(str(numbered))} (FORMAT parquet)
        """
        [(count,)] = connection.execute(query).fetchall()
    return int(count)
