"""The tables add up: every candidate in one state, every video in one split."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.release import layout, lock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb

SHOWN = 5
"""How many offenders a finding names."""

_STATES = "select state, count(*) from clips group by state"
_OFFENDERS: dict[str, str] = {
    "is in `metadata` twice": "select clip_id from metadata group by clip_id having count(*) > 1",
    "is a video in more than one split": "select video_id from metadata group by video_id"
    " having count(distinct split) > 1",
    "is in `metadata`, but neither kept nor flagged": "select clip_id from metadata"
    " where state not in ('kept', 'flagged') or state is null",
    "has no known split": "select clip_id from metadata"
    " where split not in ('train', 'validation', 'test') or split is null",
    "lies in a shard of another split": "select clip_id from metadata"
    " where not starts_with(shard, 'data/' || split || '-')",
}
_OFFENDERS_LEFT_OUT: dict[str, str] = {
    "is in `rejected`, but neither rejected nor failed": "select clip_id from rejected"
    " where state not in ('rejected', 'failed') or state is null",
    "is rejected without a reason": "select clip_id from rejected"
    " where state = 'rejected' and coalesce(len(rejected_by), 0) = 0",
    "failed without saying how": "select clip_id from rejected"
    " where state = 'failed' and error_kind is null",
}


def check(
    con: duckdb.DuckDBPyConnection, locked: Mapping[str, Any], *, empty: bool
) -> Iterator[str]:
    """Ask the tables for rows that should not be; `empty` when there is no metadata table."""
    yield from _counts(con, locked)
    yield from offending(con, _OFFENDERS_LEFT_OUT if empty else _OFFENDERS | _OFFENDERS_LEFT_OUT)


def offending(con: duckdb.DuckDBPyConnection, queries: Mapping[str, str]) -> Iterator[str]:
    """Run queries for what should not be, by what is wrong with what they find."""
    for what, query in queries.items():
        found = [str(name) for (name,) in con.execute(query + " order by 1").fetchall()]
        if found:
            more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
            yield f"{', '.join(found[:SHOWN])}{more}: {what}"


def _counts(con: duckdb.DuckDBPyConnection, locked: Mapping[str, Any]) -> Iterator[str]:
    found = dict(con.execute(_STATES).fetchall())
    stated = lock.counts(locked)
    for state in layout.STATES:
        if found.get(state, 0) != stated.get(state):
            yield (
                f"{stated.get(state, 'an unknown number of')} clips are {state} by"
                f" {layout.LOCK}, {found.get(state, 0)} by the tables"
            )
    if sum(found.values()) != stated.get("seen"):
        yield (
            f"{stated.get('seen', 'an unknown number of')} candidates were seen by {layout.LOCK},"
            f" but kept, flagged, rejected and failed add up to {sum(found.values())}"
        )
