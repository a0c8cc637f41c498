"""Candidates that a source lists again: marked while listing, looked at once, told in the ledger.

A list of a million rows goes through here in bounded memory: only what stands in it more than
once is sorted, on disk where there is much of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from acav1m.sql import connect, identifier, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

SAME = ("source", "source_uri", "asked_start_s", "asked_end_s", "stamp")
"""Columns of the listing in which a repeat is like the first."""

Again = tuple[int, str, str | None]
"""The place of a row in the listing, its key, and of which key it is the repeat."""


def mark(listed: Path, marked: Path, spill: Path) -> tuple[int, int]:
    """Make the keys of a listing unique, and name in `repeats` whose repeat a candidate is.

    The second with one key gets `-2` after it, the third `-3`. A key is a digest of 48 bits, so
    in a list of a million rows two that are not the same may share one: only where all of `SAME`
    agree is it a repeat. Returns how many videos are listed, and how many repeats.
    """
    with connect([listed.parent], spill=spill) as connection:
        connection.execute(_view(listed))
        # Eight bytes of each address are enough to count by, and take no more memory than that.
        query = "SELECT count(DISTINCT hash(source, source_uri)) FROM listed"
        [(videos,)] = connection.execute(query).fetchall()
        found = _Counted(_streamed(connection.execute(_AGAIN)))
        _rewrite(listed, marked, found)
    return int(videos), found.repeats


def told(found: pa.Table, listing: Path) -> pa.Table:
    """The rows that a build found out, and for every repeat those of the first anew.

    A repeat keeps what the list says of itself; nothing of it was downloaded or decoded.
    `found` has the columns `key`, `candidate` and those of the listing that are published.
    """
    with connect([listing.parent]) as connection:
        connection.execute(
            f"CREATE TEMP TABLE again AS SELECT * FROM read_parquet({quoted(str(listing))}) "
            "WHERE repeats IS NOT NULL"
        )
        listed = {name for name, *_ in connection.execute("DESCRIBE again").fetchall()} - {"key"}
        own = {
            # After the first's, so that of the two it is the second that is rejected.
            "key": "found.key || '-' || again.key",
            "candidate": "again.key",
            **{n: f"again.{identifier(n)}" for n in found.column_names if n in listed},
        }
        anew = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in own.items())
        connection.register("found", found)
        rows = connection.sql(
            f"SELECT found.* REPLACE ({anew}) FROM found JOIN again ON repeats = candidate"
        ).to_arrow_table()
    return pa.concat_tables([found, rows.cast(found.schema)])


class _Counted:
    """Passes rows on one by one as their place comes up, and counts the repeats among them."""

    def __init__(self, rows: Iterator[Again]) -> None:
        self.repeats = 0
        self._rows = rows
        self._next = next(rows, None)

    def before(self, place: int) -> Iterator[Again]:
        """Those that stand before a place and were not asked for yet."""
        while self._next is not None and self._next[0] < place:
            self.repeats += self._next[2] is not None
            yield self._next
            self._next = next(self._rows, None)


def _view(listed: Path) -> str:
    return f"""
        CREATE TEMP VIEW listed AS
        SELECT key, source, source_uri, file_row_number AS place, hash({", ".join(SAME)}) AS what
        FROM read_parquet({quoted(str(listed))}, file_row_number = true)
    """


_AGAIN = """
    WITH shared AS (
        SELECT key FROM listed GROUP BY key HAVING count(*) > 1
    ), numbered AS (
        SELECT place, key, what, row_number() OVER (PARTITION BY key ORDER BY place) AS copy
        FROM listed SEMI JOIN shared USING (key)
    ), named AS (
        SELECT place, what, copy, key AS shared,
            CASE WHEN copy > 1 THEN key || '-' || copy ELSE key END AS key
        FROM numbered
    ), traced AS (
        SELECT place, key, copy,
            first_value(key) OVER (PARTITION BY shared, what ORDER BY place) AS first
        FROM named
    )
    SELECT place, key, CASE WHEN first != key THEN first END AS repeats
    FROM traced WHERE copy > 1 ORDER BY place
"""


def _streamed(rows: duckdb.DuckDBPyConnection) -> Iterator[Again]:
    while batch := rows.fetchmany(1000):
        yield from batch


def _rewrite(listed: Path, marked: Path, found: _Counted) -> None:
    """Copy the listing batch by batch, with the keys of those that are in it again."""
    with pq.ParquetFile(listed) as file, pq.ParquetWriter(marked, file.schema_arrow) as writer:
        begins = 0
        for group in range(file.num_row_groups):
            rows = file.read_row_group(group)
            writer.write_table(_marked(rows, begins, found))
            begins += rows.num_rows


def _marked(rows: pa.Table, begins: int, found: _Counted) -> pa.Table:
    again = list(found.before(begins + rows.num_rows))
    if not again:
        return rows
    keys, repeats = rows["key"].to_pylist(), rows["repeats"].to_pylist()
    for place, key, first in again:
        keys[place - begins], repeats[place - begins] = key, first
    for name, values in (("key", keys), ("repeats", repeats)):
        where = rows.column_names.index(name)
        rows = rows.set_column(where, rows.field(name), pa.array(values, pa.string()))
    return rows
