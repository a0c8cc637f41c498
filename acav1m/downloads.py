"""The candidates that are still to be downloaded: how many, which, and in what order."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

from acav1m.consent import refused
from acav1m.todo import counted, streamed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from acav1m.clips import Clips
    from acav1m.engines import Row
    from acav1m.found import Found

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

SORTED_ROWS = 200_000
"""How many candidates are sorted at once, about: some 50 MB."""

DRAWN_ROWS = 200
"""How many of so many are drawn to tell where to part them: their number is right to some 7 %."""

ORDER = "concat_ws(chr(0), md5(split_part(source_uri, '#', 1)), locator, key)"
"""First by chance's number of the file that a candidate is, or lies in: hosts take turns so."""


class Left(NamedTuple):
    """What is left of a listing."""

    rows: int
    """Candidates to be downloaded."""

    videos: int
    """Addresses that these have between them."""

    opted_out: int
    """Candidates that opt-out lists name."""


def left(found: Found) -> Left:
    """How many candidates are still to be downloaded, and how many never will be."""
    clips = _done(found)
    connection = _todo(found, clips)
    # Eight bytes of each address are enough to count by.
    query = "SELECT count(*), count(DISTINCT hash(source, source_uri)) FROM todo"
    [(rows, videos)] = connection.execute(query).fetchall()
    connection.register("refused", refused.among(clips.rows).select(["candidate"]))
    query = "SELECT count(*) FROM listing WHERE key IN (SELECT candidate FROM refused)"
    [(opted_out,)] = connection.execute(query).fetchall()
    return Left(int(rows), int(videos), int(opted_out))


def todo(found: Found) -> tuple[int, Iterator[Row]]:
    """Candidates that have no clip or failure yet: how many, and their rows.

    Clips whose media is gone from the work folder, and failures to be retried, count as not
    there, also of one clip of several; who opted out is not asked for again. What is of one
    video, or lies in one file, is side by side.
    """
    connection = _todo(found, _done(found))
    count = counted(connection)
    return count, _sorted(connection, count)


def _done(found: Found) -> Clips:
    """The clips as they were cut, as far as it takes to see what is left to do."""
    return found.cut([*DONE, *NAMED] if found.outs else DONE)


def _todo(found: Found, clips: Clips) -> duckdb.DuckDBPyConnection:
    """A connection with the view `todo`: the candidates that are still to be downloaded."""
    connection = found.open(clips, bounded=True)
    connection.register("gone", clips.gone("candidate"))
    connection.execute(f"""
        CREATE TEMP TABLE again AS
        SELECT candidate, bool_or(media IS NOT NULL) AS partly FROM clips
        WHERE candidate IN (SELECT candidate FROM clips WHERE {found.retried("clips")})
        GROUP BY candidate HAVING NOT bool_or(coalesce(error_stage = 'source', false))
    """)
    # A view, and of few columns: what is read once needs no copy, which would have to spill.
    connection.execute(f"""
        CREATE TEMP VIEW todo AS
        SELECT {", ".join(CANDIDATE)}, partly AND key NOT IN (FROM gone) AS partly
        FROM listing LEFT JOIN again ON again.candidate = key
        WHERE again.candidate IS NOT NULL
            OR NOT EXISTS (FROM clips WHERE clips.candidate = listing.key)
            OR EXISTS (FROM gone WHERE gone.candidate = listing.key)
    """)
    return connection


def _sorted(connection: duckdb.DuckDBPyConnection, count: int) -> Iterator[Row]:
    """The rows of `todo`, sorted slice by slice, as each comes up.

    To sort a list of any length at once takes more memory the longer it is, on disk or not.
    """
    edges = _edges(connection, 1 + count // SORTED_ROWS)
    for low, high in itertools.pairwise(["", *edges, None]):
        where = f"{ORDER} >= ? AND coalesce({ORDER} < ?, true)"
        yield from streamed(connection, _candidate, ORDER, where, [low, high])


def _edges(connection: duckdb.DuckDBPyConnection, slices: int) -> list[str]:
    """Where to part `todo` into slices of about a size, by rows that are drawn of it."""
    if slices == 1:
        return []
    drawn = connection.execute(f"""
        SELECT {ORDER} AS place FROM todo USING SAMPLE reservoir({DRAWN_ROWS * slices} ROWS)
    """).fetchall()
    places = sorted(place for (place,) in drawn)
    return [places[len(places) * number // slices] for number in range(1, slices)]


def _candidate(row: dict[str, Any]) -> Row:
    return ({"partly": True} if row["partly"] else {}) | {
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
