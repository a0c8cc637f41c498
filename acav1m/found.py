"""What is already found out in the work folder, and what is still to do: SQL over the stores."""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from acav1m import licenses, table
from acav1m.clips import Clips
from acav1m.consent import refused
from acav1m.consent.outs import Outs
from acav1m.net.outcome import KINDS
from acav1m.sql import connect, identifier, quoted
from acav1m.stages import analyse, download
from acav1m.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import duckdb

    from acav1m.engines import Row
    from acav1m.plan import Plan
    from acav1m.work import Work


OWN = tuple(download.OWN)
"""Columns that only serve the work folder."""

GIVEN = {
    "license": "coalesce(listing.license, site.license)",
    "license_text": "CASE WHEN listing.license IS NOT NULL THEN listing.license_text"
    " ELSE coalesce(clips.fetched_license, listing.license_text) END",
    "uploader_hash": "coalesce(clips.uploader_hash, listing.listed_uploader_hash)",
}
"""SQL: columns of which both a list and a site may say something."""

CANDIDATE = (
    *("key", "source", "source_uri", "locator"),
    *("asked_start_s", "asked_end_s", "stamp"),
)
"""Columns of the listing that say what is to be downloaded."""

DONE = [
    *("candidate", "media", "mp4_bytes", "flac_bytes", "fetched_license"),
    *("error_stage", "error_kind", "error_transient"),
]
"""Columns of a clip that say whether its candidate is done with."""

NAMED = ["key", "clip_id", "video_id", "start_s", "end_s"]
"""What it takes beside them where an opt-out list names any."""

OURS = tuple(name for name, kind in KINDS.items() if kind.us)
"""Failures that may mean us, not the candidate: every build tries these again."""

SORTED_ROWS = 200_000
"""How many candidates are sorted at once, about: some 50 MB."""

FILE = "md5(split_part(source_uri, '#', 1))"
"""Chance's number of the file that a candidate is, or lies in: rows of one stay side by side."""

KEY = "key of "
"""Before a step's label: the column of its row's key; no recipe can name a column so."""


class Left(NamedTuple):
    """What is left of a listing."""

    rows: int
    """Candidates to be downloaded."""

    videos: int
    """Addresses that these have between them."""

    opted_out: int
    """Candidates that opt-out lists name."""


class Found:
    """The stores of one plan in one work folder."""

    def __init__(self, plan: Plan, work: Work, retry: str | None = None) -> None:
        self.plan = plan
        self.work = work
        self.retry = retry
        folder = work.store("download", plan.key("download"))
        self.clips = Store(folder, download.SCHEMA, by="candidate")
        self.outs = Outs()
        """Whom opt-out lists name; set once the listing is there."""
        self.columns = {
            label: Store(work.store(label, plan.key(label)), analyse.schema(step.adds))
            for label, step in plan.lookers.items()
        }

    def cut(self, columns: list[str] | None = None) -> Clips:
        """The clips as they were cut; those that opt-out lists name have failed."""
        rows = refused.overlaid(self.clips.read(columns), self.work.listing, self.outs)
        return Clips(rows, self.clips.folder / "media")

    def left_out(self) -> Clips:
        """Those that opt-out lists name alone."""
        clips = self.cut()
        return Clips(refused.among(clips.rows), clips.media)

    def to_download(self) -> tuple[int, Iterator[Row]]:
        """Candidates that have no clip or failure yet: how many, and their rows.

        Clips whose media is gone from the work folder, and failures to be retried, count as not
        there; who opted out is not asked for again.
        """
        connection = self._todo(self._done())
        count = counted(connection)
        return count, _in_turns(connection, count)

    def left(self) -> Left:
        """How many candidates are still to be downloaded, and how many never will be."""
        clips = self._done()
        connection = self._todo(clips)
        # Eight bytes of each address are enough to count by.
        query = "SELECT count(*), count(DISTINCT hash(source, source_uri)) FROM todo"
        [(rows, videos)] = connection.execute(query).fetchall()
        connection.register("refused", refused.among(clips.rows).select(["candidate"]))
        query = "SELECT count(*) FROM listing WHERE key IN (SELECT candidate FROM refused)"
        [(opted_out,)] = connection.execute(query).fetchall()
        return Left(int(rows), int(videos), int(opted_out))

    def _done(self) -> Clips:
        """The clips as they were cut, as far as it takes to see what is left to do."""
        return self.cut([*DONE, *NAMED] if self.outs else DONE)

    def _todo(self, clips: Clips) -> duckdb.DuckDBPyConnection:
        """A connection with the view `todo`: the candidates that are still to be downloaded."""
        connection = self.open(clips)
        connection.register("gone", clips.gone("candidate"))
        # A view, and of few columns: what is read once needs no copy, which would have to spill.
        connection.execute(f"""
            CREATE TEMP VIEW todo AS
            SELECT {", ".join(CANDIDATE)} FROM listing
            WHERE NOT EXISTS (
                FROM clips WHERE candidate = listing.key
                AND (NOT {self.retried("clips")} OR coalesce(error_stage = 'source', false))
            ) OR EXISTS (FROM gone WHERE candidate = listing.key)
        """)
        return connection

    def to_analyse(self, clips: Clips) -> list[tuple[tuple[str, ...], int, Iterator[Row]]]:
        """Sound clips that lack columns: by the steps they lack, how many, and their rows.

        A clip that failed in a step of this plan is not looked at again.
        """
        connection = self.open(clips)
        if not self.columns:
            return []
        lacks = ", ".join(
            f"CASE WHEN {identifier(label)}.key IS NULL OR {self.retried(label)}"
            f" THEN {quoted(label)} END"
            for label in self.columns
        )
        keys = ", ".join(
            f"{self._key(label)} AS {identifier(KEY + label)}" for label in self.columns
        )
        connection.execute(f"""
            CREATE TABLE lacking AS
            SELECT {self._selected()}, {keys},
                list_filter([{lacks}], lambda l: l IS NOT NULL) AS _lacks
            FROM {self._joined()} WHERE {self._standing_error()} IS NULL
        """)
        query = "SELECT DISTINCT _lacks FROM lacking WHERE len(_lacks) > 0 ORDER BY _lacks"
        groups = [tuple(labels) for (labels,) in connection.execute(query).fetchall()]
        found = []
        for labels in groups:
            cursor = connection.cursor()
            cursor.execute(
                "CREATE TEMP TABLE todo AS SELECT * EXCLUDE (_lacks) FROM lacking WHERE _lacks = ?",
                [list(labels)],
            )
            found.append((labels, counted(cursor), streamed(cursor, partial(self._clip, clips))))
        return found

    def table(self, clips: Clips) -> pa.Table:
        """A row per clip or failed candidate with every column, for `select`."""
        connection = self.open(clips)
        error = ", ".join(f"{self._error(c)} AS {c}" for c in table.ERROR_COLUMNS)
        return connection.sql(
            f"SELECT {self._selected()}, {error} FROM {self._joined()}"
        ).to_arrow_table()

    def open(self, clips: Clips) -> duckdb.DuckDBPyConnection:
        """A connection with the listing, these clips, and what each step found of any.

        Of what is listed again only the first is there.
        """
        connection = connect([self.work.folder], spill=self.work.scratch)
        listing = f"read_parquet({quoted(str(self.work.listing))})"
        connection.execute(
            f"CREATE TEMP VIEW listing AS SELECT * FROM {listing} WHERE repeats IS NULL"
        )
        connection.register("clips", clips.rows)
        connection.register("site", _licenses(clips.rows))
        for label, store in self.columns.items():
            connection.register(label, store.read())
        return connection

    def _joined(self) -> str:
        """Clips of listed candidates only: the stores may remember others."""
        joins = "".join(
            f" LEFT JOIN {identifier(label)} ON {identifier(label)}.key = {self._key(label)}"
            for label in self.columns
        )
        site = " LEFT JOIN site ON site.text = clips.fetched_license"
        return f"clips JOIN listing ON listing.key = clips.candidate{site}{joins}"

    def _key(self, label: str) -> str:
        """SQL: what a step's row goes by: the clip, and what it reads of the source's metadata."""
        read = [f"listing.{identifier(column)}" for column in self.plan.metadata_needs(label)]
        if not read:
            return "clips.key"
        return f"clips.key || '-' || md5(to_json([{', '.join(f'{r}::VARCHAR' for r in read)}]))"

    def _selected(self) -> str:
        owned = {
            "clips": [*OWN, *table.CUT_COLUMNS],
            "listing": [*table.LISTED_COLUMNS, *self.plan.metadata_columns()],
        } | {label: list(step.adds) for label, step in self.plan.lookers.items()}
        return ", ".join(
            f"{GIVEN.get(column, f'{identifier(owner)}.{identifier(column)}')}"
            f" AS {identifier(column)}"
            for owner, columns in owned.items()
            for column in columns
        )

    def _error(self, column: str) -> str:
        """SQL: what the first stage to fail says, null when none did."""
        owners = ["clips", *self.columns]
        cases = "".join(
            f" WHEN {identifier(o)}.error_kind IS NOT NULL THEN {identifier(o)}.{column}"
            for o in owners
        )
        return f"CASE{cases} END"

    def _standing_error(self) -> str:
        """SQL: the kind of an error that is not to be retried."""
        cases = "".join(
            f" WHEN {identifier(o)}.error_kind IS NOT NULL AND NOT {self.retried(o)}"
            f" THEN {identifier(o)}.error_kind"
            for o in self.columns
        )
        return f"CASE WHEN clips.error_kind IS NOT NULL THEN clips.error_kind{cases} END"

    def retried(self, owner: str) -> str:
        """SQL: whether a row is a failure that this build tries again."""
        kind = f"{identifier(owner)}.error_kind"
        ours = f"coalesce({kind} IN ({', '.join(map(quoted, OURS))}), false)"
        if self.retry is None:
            return ours
        if self.retry == "all":
            return f"({kind} IS NOT NULL)"
        if self.retry == "transient":
            return f"coalesce({identifier(owner)}.error_transient, false)"
        return f"({ours} OR coalesce({kind} = {quoted(self.retry)}, false))"

    def _clip(self, clips: Clips, row: dict[str, Any]) -> Row:
        keys = {label: row.pop(KEY + label) for label in self.columns}
        columns = {name: value for name, value in row.items() if name not in OWN}
        stem = str(clips.stem(row))
        return {"key": row["key"], "keys": keys, "stem": stem, "columns": columns}


def _candidate(row: dict[str, Any]) -> Row:
    return {
        "key": row["key"],
        "source": row["source"],
        "candidate": {
            "uri": row["source_uri"],
            "locator": row["locator"],
            "start_s": row["asked_start_s"],
            "end_s": row["asked_end_s"],
            "stamp": row["stamp"],
        },
    }


def _licenses(clips: pa.Table) -> pa.Table:
    """What sites say of licences, each text with what it means."""
    texts = [text for text in clips["fetched_license"].unique().to_pylist() if text is not None]
    means = [licenses.spdx(text) for text in texts]
    return pa.table({"text": pa.array(texts, pa.string()), "license": pa.array(means, pa.string())})


def _in_turns(connection: duckdb.DuckDBPyConnection, count: int) -> Iterator[Row]:
    """What is of one video side by side; else hosts take turns, as chance will have it.

    Sorted slice by slice, as each comes up: to sort a list of any length at once takes more
    memory the longer it is, on disk or not.
    """
    slices = 1 + count // SORTED_ROWS
    edges = [f"{65536 * number // slices:04x}" for number in range(slices)]
    for low, high in itertools.pairwise([*edges, "g"]):
        within = f"{FILE} >= {quoted(low)} AND {FILE} < {quoted(high)}"
        order = f"{FILE}, locator, key"
        yield from streamed(connection, _candidate, order=order, where=within)


def counted(connection: duckdb.DuckDBPyConnection) -> int:
    """How many rows the table `todo` has."""
    [(count,)] = connection.execute("SELECT count(*) FROM todo").fetchall()
    return int(count)


def streamed(
    connection: duckdb.DuckDBPyConnection,
    shape: Callable[[Row], Row],
    order: str = "key",
    where: str = "true",
) -> Iterator[Row]:
    """The rows of the table `todo` in this order, each in the shape that a job wants."""
    rows = connection.execute(f"SELECT * FROM todo WHERE {where} ORDER BY {order}")
    names = [column[0] for column in rows.description]
    while batch := rows.fetchmany(1000):
        for values in batch:
            yield shape(dict(zip(names, values, strict=True)))
