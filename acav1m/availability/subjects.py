"""The distinct sources of a release or of a list, with what was recorded of them, on disk."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from acav1m import table
from acav1m.availability.job import RECORDED, SUBJECT
from acav1m.release import views
from acav1m.sql import connect, identifier, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from acav1m.steps import Source

BATCH = 10_000
_LISTED = {name: kind for name, kind in SUBJECT.items() if name != "key"}
_RECORDED_AS = {
    "sha256": "source_sha256",
    "bytes": "source_bytes",
    "etag": "fetched_etag",
    "last_modified": "fetched_last_modified",
    "duration_s": "source_declared_duration_s",
}
"""The columns of a ledger that tell versions of a source apart."""

ONE_FILE = "min(recorded_sha256) IS NOT DISTINCT FROM max(recorded_sha256)"
"""SQL: not each clip was cut from a stretch of its own, so what is known is known of all."""

OPTED_OUT = "bool_or(recorded_error_kind = 'opted_out')"
"""SQL: whoever asked not to be used for one clip is not asked for another."""


@dataclass(frozen=True)
class Subjects:
    """Sources to look at, a row each, in a Parquet file."""

    path: Path
    known: int
    """How many there are in all."""

    chosen: int
    """How many of them are in the file."""


def of_release(folder: Path, to: Path, sample: int | None, seed: int) -> Subjects:
    """All sources of a release: of clips that were kept, and of those that were not.

    Raises:
        ReleaseError: Its tables are damaged.
    """
    datasets = views.datasets(folder)
    there = {name for dataset in datasets.values() for name in dataset.schema.names}
    facts = ", ".join(
        f"{identifier(column) if column in there else 'NULL'} AS recorded_{name}"
        for name, column in _RECORDED_AS.items()
    )
    url = "fetched_url" if "fetched_url" in there else "NULL"
    query = f"""
        SELECT source, source_uri AS uri, {facts}, {url} AS recorded_url,
            CASE WHEN source_sha256 IS NULL OR error_kind = 'opted_out' THEN error_kind END
                AS recorded_error_kind
        FROM clips WHERE source_uri IS NOT NULL
    """
    with views.connect(datasets) as connection:
        _write(to, iter(connection.sql(query).to_arrow_reader(BATCH)))
    return _chosen(to, sample, seed)


def of_list(name: str, source: Source, to: Path, sample: int | None, seed: int) -> Subjects:
    """All sources of a list; where it is a table of a release, with what that recorded.

    Raises:
        AcavError: The list cannot be read.
    """
    types = source.columns()
    carried = {
        f"recorded_{what}": column
        for what, column in _RECORDED_AS.items()
        if _fits(types.get(column), SUBJECT[f"recorded_{what}"])
    }
    rows: Iterator[dict[str, Any]] = (
        {"source": name, "uri": candidate.uri}
        | {what: candidate.metadata.get(column) for what, column in carried.items()}
        for candidate in source.candidates()
    )
    _write(to, _batches(rows))
    return _chosen(to, sample, seed)


def _fits(kind: Any, wanted: Any) -> bool:
    """Whether a list's column can be what a ledger's column of that name is."""
    return kind is wanted or (kind is int and wanted is float)


def _write(to: Path, batches: Iterator[pa.RecordBatch]) -> None:
    """Put the rows on disk, none of them held in memory."""
    schema = table.schema(_LISTED)
    with pq.ParquetWriter(to, schema) as writer:
        for batch in batches:
            writer.write_table(pa.Table.from_batches([batch]).select(schema.names).cast(schema))


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[pa.RecordBatch]:
    while some := list(itertools.islice(rows, BATCH)):
        yield pa.RecordBatch.from_pylist(some, schema=table.schema(_LISTED))


def _chosen(listed: Path, sample: int | None, seed: int) -> Subjects:
    """Give each source once, with a key that says what it is, in an order by chance.

    So hosts take turns, and the first ones are a sample.
    """
    chosen = listed.with_name(f"chosen-{listed.name}")
    limit = "" if sample is None else f"LIMIT {sample}"
    with connect([listed.parent], spill=listed.parent) as connection:
        _distinct(connection, listed)
        [(known,)] = connection.execute("SELECT count(*) FROM distinct_ones").fetchall()
        [(count,)] = connection.execute(f"""
            COPY (
                SELECT md5(CAST(to_json(d) AS VARCHAR)) AS key, * FROM distinct_ones AS d
                ORDER BY md5('{seed} ' || source || ' ' || uri), source, uri {limit}
            ) TO {quoted(str(chosen))} (FORMAT parquet)
        """).fetchall()
    chosen.replace(listed)
    return Subjects(listed, int(known), int(count))


def _distinct(connection: duckdb.DuckDBPyConnection, listed: Path) -> None:
    """Each source once; what differs between its stretches is known of none."""
    told = {name: f"CASE WHEN {ONE_FILE} THEN min({name}) END" for name in RECORDED}
    told["recorded_duration_s"] = "min(recorded_duration_s)"
    told["recorded_error_kind"] = (
        f"CASE WHEN {OPTED_OUT} THEN 'opted_out' ELSE min(recorded_error_kind) END"
    )
    told["recorded_url"] = "min(recorded_url)"
    columns = ", ".join(f"{value} AS {name}" for name, value in told.items())
    connection.execute(f"""
        CREATE TABLE distinct_ones AS SELECT source, uri, {columns}
        FROM read_parquet({quoted(str(listed))}) GROUP BY source, uri
    """)
