"""What a release says in numbers, counted from its tables and never typed.

Every table of the card and datasheet is one query over `clips`; its column names are the
headings. `verify` runs the same queries on the published tables, so a stranger can check each
number, or run `acav1m query` with the SQL below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from acav1m import sql
from acav1m.recipe import SPLITS
from acav1m.release import edited, layout, markdown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

_HOURS = "round(sum(round(duration_s * 1000)::hugeint) / 3.6e6, 3) as hours"
"""Summed as whole milliseconds: a sum of floats depends on its order."""

_IS_RELEASED = "state in ('kept', 'flagged')"

QUERIES: Mapping[str, str] = {
    "states": f"""
        select state, count(*) as clips, count(distinct video_id) as videos, {_HOURS}
        from clips group by state order by list_position({list(layout.STATES)}, state)""",
    "splits": f"""
        select split, count(*) as clips, count(distinct video_id) as videos, {_HOURS},
            round(sum(mp4_bytes + flac_bytes) / 1e6, 3) as "media, MB"
        from clips where {_IS_RELEASED}
        group by split order by list_position({list(SPLITS)}, split)""",
    "reasons": """
        with first as (
            select *, list_min(list_transform(rejected_by,
                lambda name: coalesce(list_position($reasons, name), 1000000))) as place
            from clips where state <> 'failed'),
        given as (select unnest(rejected_by) as reason, len(rejected_by) = 1 as alone from clips),
        counted as (
            select reason, count(*) as n, count(*) filter (where alone) as alone,
                coalesce(list_position($reasons, reason), 1000000) as place
            from given group by reason)
        select reason, n as "rejects", alone as "only this one does",
            (select count(*) from first where first.place is null or first.place > counted.place)
                as "clips left after it"
        from counted order by place, reason""",
    "flags": f"""
        select flag, count(*) as clips
        from (select unnest(flags) as flag from clips where {_IS_RELEASED})
        group by flag order by flag""",
    "realigned": f"""
        select realign_outcome as outcome, count(*) as clips,
            count(*) filter (where {_IS_RELEASED}) as released,
            round(median(abs(realign_offset_s)), 3) as "median offset, s"
        from clips where realign_outcome is not null
        group by outcome order by if(outcome = 'realigned', '', outcome)""",
    "failures": """
        select error_stage as stage, error_kind as kind, count(*) as candidates,
            count(*) filter (where error_transient) as "may succeed later"
        from clips where state = 'failed' group by all order by all""",
    "opted_out": """
        select error_message as reason, count(*) as candidates, count(distinct source_uri) as videos
        from clips where error_kind = 'opted_out' group by all order by all""",
    "licenses": f"""
        select coalesce(license, 'unknown') as "media licence", count(*) as clips, {_HOURS}
        from clips where {_IS_RELEASED} group by all order by all""",
    "sources": f"""
        select coalesce(source, 'unknown') as source, count(*) as seen,
            count(*) filter (where {_IS_RELEASED}) as released
        from clips group by all order by all""",
    **edited.QUERIES,
}


_NEEDS = {"realigned": "clips.realign_outcome", **edited.NEEDS}
"""Tables for which not every release has the column of `clips`, or the view."""


@dataclass(frozen=True)
class Facts:
    """Counts, and the tables of the card as Markdown by name."""

    seen: int
    states: Mapping[str, int]
    splits: Mapping[str, int]
    videos: int
    hours: float
    tables: Mapping[str, str]
    edited: int = 0
    """Released clips whose sound was edited."""

    attempts: int = 0
    """Attempts at edits, of all clips."""

    @property
    def released(self) -> int:
        """Clips in the shards."""
        return self.states["kept"] + self.states["flagged"]


def count(con: duckdb.DuckDBPyConnection, reasons: Sequence[str]) -> Facts:
    """Count a release; `reasons` names the filters and selectors in the order they apply."""
    states = dict(con.execute("select state, count(*) from clips group by state").fetchall())
    splits = dict(
        con.execute(
            f"select split, count(*) from clips where {_IS_RELEASED} group by split"
        ).fetchall()
    )
    videos, hours = con.execute(
        f"select count(distinct video_id), {_HOURS} from clips where {_IS_RELEASED}"
    ).fetchall()[0]
    known = _known(con)
    found = {
        need: con.execute(query).fetchall()[0][0] if need in known else 0
        for need, query in edited.COUNTS.items()
    }
    return Facts(
        seen=sum(states.values()),
        states={state: states.get(state, 0) for state in layout.STATES},
        splits={split: splits[split] for split in SPLITS if split in splits},
        videos=videos,
        hours=hours or 0.0,
        tables=_tables(con, reasons) | {"numbers": _numbers(con), "missing": _missing(con)},
        edited=found["clips.edit_result"],
        attempts=found["edits"],
    )


def _tables(con: duckdb.DuckDBPyConnection, reasons: Sequence[str]) -> dict[str, str]:
    known = _known(con)
    return {
        name: _table(con, query, reasons) if _NEEDS.get(name) in {None, *known} else ""
        for name, query in QUERIES.items()
    }


def _known(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Columns of `clips`, as `clips.name`, and names of views."""
    views = con.execute("select view_name from duckdb_views() where not internal").fetchall()
    return {f"clips.{name}" for name, _ in _columns(con)} | {name for (name,) in views}


def _numbers(con: duckdb.DuckDBPyConnection) -> str:
    parts = [
        f"""
        select {sql.quoted(name)} as "column", count({sql.identifier(name)}) as known,
            min({sql.identifier(name)}) as lowest,
            quantile_cont({sql.identifier(name)}, 0.05) as "5 %",
            median({sql.identifier(name)}) as median,
            quantile_cont({sql.identifier(name)}, 0.95) as "95 %",
            max({sql.identifier(name)}) as highest
        from clips where {_IS_RELEASED}"""
        for name, kind in _columns(con)
        if kind == "DOUBLE"
    ]
    return _table(con, " union all ".join(parts), ()) if parts else ""


def _missing(con: duckdb.DuckDBPyConnection) -> str:
    names = [name for name, _ in _columns(con)]
    known = ", ".join(f"count({sql.identifier(name)})" for name in names)
    query = f"select count(*), {known} from clips where {_IS_RELEASED}"
    clips, *counts = con.execute(query).fetchall()[0]
    rows = [(name, clips - n) for name, n in zip(names, counts, strict=True) if n < clips]
    return markdown.table(("column", "unknown in clips"), rows)


def _columns(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    rows = con.execute("describe clips").fetchall()
    return [(name, kind) for name, kind, *_ in rows if name not in layout.EVERY_LOCATION]


def _table(con: duckdb.DuckDBPyConnection, query: str, reasons: Sequence[str]) -> str:
    values: dict[str, Any] = {"reasons": list(reasons)} if "$reasons" in query else {}
    found = con.execute(query, values)
    heading = [column[0] for column in found.description or ()]
    return markdown.table(heading, found.fetchall())
