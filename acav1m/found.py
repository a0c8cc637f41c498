"""What is already found out in the work folder, and what clips lack: SQL over the stores."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from acav1m import licenses, table
from acav1m.clips import Clips
from acav1m.consent import refused
from acav1m.consent.outs import Outs
from acav1m.net.outcome import KINDS
from acav1m.sql import connect, identifier, quoted
from acav1m.stages import analyse, download
from acav1m.store import Store
from acav1m.todo import counted, streamed

if TYPE_CHECKING:
    from collections.abc import Iterator

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

OURS = tuple(name for name, kind in KINDS.items() if kind.us)
"""Failures that may mean us, not the candidate: every build tries these again."""

KEY = "key of "
"""Before a step's label: the column of its row's key; no recipe can name a column so."""


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

    @property
    def stores(self) -> list[Store]:
        """Where clips are, and what steps found of them."""
        return [self.clips, *self.columns.values()]

    def cut(self, columns: list[str] | None = None) -> Clips:
        """The clips as they were cut; those that opt-out lists name have failed."""
        rows = refused.overlaid(self.clips.read(columns), self.work.listing, self.outs)
        return Clips(rows, self.clips.folder / "media")

    def left_out(self) -> Clips:
        """Those that opt-out lists name alone."""
        clips = self.cut()
        return Clips(refused.among(clips.rows), clips.media)

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

    def open(self, clips: Clips, *, bounded: bool = False) -> duckdb.DuckDBPyConnection:
        """A connection with the listing, these clips, and what each step found of any.

        Of what is listed again only the first is there. A `bounded` one is for what joins no
        more than the listing and the clips.
        """
        connection = connect([self.work.folder], spill=self.work.scratch, bounded=bounded)
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


def _licenses(clips: pa.Table) -> pa.Table:
    """What sites say of licences, each text with what it means."""
    texts = [text for text in clips["fetched_license"].unique().to_pylist() if text is not None]
    means = [licenses.spdx(text) for text in texts]
    return pa.table({"text": pa.array(texts, pa.string()), "license": pa.array(means, pa.string())})
