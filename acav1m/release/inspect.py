"""Ask a release: in SQL, or for one clip's whole story."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from acav1m.errors import ReleaseError, did_you_mean
from acav1m.release import layout, lock, reasons, views
from acav1m.sql import first_line
from acav1m.table import EDIT_COLUMNS, REALIGN_COLUMNS, column_type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pyarrow.dataset as ds

_UNKNOWN_COLUMN = re.compile(r'column "([^"]+)" not found')


@dataclass(frozen=True)
class Story:
    """What became of one candidate and why."""

    clip_id: str
    state: str
    reasons: tuple[reasons.Reason, ...]
    error: Mapping[str, Any] | None
    place: Mapping[str, Any] | None
    """Shard, offsets and sizes of a released clip's files."""

    row: Mapping[str, Any]
    """All other columns: source, cut, measures, captions, scores."""

    realign: Mapping[str, Any] | None = None
    """What came of moving its sound, if that was tried."""

    edit: Mapping[str, Any] | None = None
    """What came of editing its sound, if an editor was asked."""

    attempts: tuple[Mapping[str, Any], ...] = ()
    """Every attempt at that, in their order: the rows of `edits`."""

    others: tuple[Story, ...] = ()
    """More that match: all clips of one video, or duplicates, whose clip_id is the same."""

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def query(folder: Path, sql: str) -> pa.Table:
    """Run one SELECT over `clips` (everything), `metadata`, `rejected`, `shards` and `edits`.

    A release without editors has no `edits`, and one without clips no `metadata`.

    A column name that comes again is numbered (`a`, `a_1`), so that rows can be told as mappings.

    Raises:
        ReleaseError: The folder is no release, or the SQL is wrong or does more than read.
    """
    lock.read(folder)
    with views.connect(views.datasets(folder)) as con:
        try:
            _require_one_select(con, sql)
            found: pa.Table = con.sql(sql).to_arrow_table()
            found.validate(full=True)
        except (duckdb.Error, pa.ArrowInvalid) as error:
            raise ReleaseError(_explain(con, error)) from error
    return found.rename_columns(_told_apart(found.column_names))


def why(folder: Path, clip: str) -> Story:
    """Tell what became of a clip, by which rules and from which values.

    `clip` is a clip_id, a source uri or a video id; when several match, all are told.

    Raises:
        ReleaseError: The folder is no release, or has no such clip.
    """
    locked = lock.read(folder)
    tables = views.datasets(folder)
    try:
        rows, attempts = _matching(tables, clip)
        types = {field.name: column_type(field.type) for field in tables["rejected"].schema}
        first, *others = [_story(row, attempts, locked, types) for row in rows]
    except (duckdb.Error, LookupError, TypeError, ValueError) as error:
        reason = first_line(error)
        raise ReleaseError(
            f"the tables are damaged, `acav1m verify` tells how: {reason}"
        ) from error
    return Story(**{**vars(first), "others": tuple(others)})


def _matching(
    tables: Mapping[str, ds.Dataset], clip: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of the clips asked for, and of the attempts at editing them."""
    with views.connect(tables) as con:
        rows = _rows(
            con,
            f"""select * from clips where ? in (clip_id, source_uri, video_id)
            order by clip_id, list_position({list(layout.STATES)}, state), source_uri""",
            clip,
        )
        if not rows:
            raise ReleaseError(f"no clip {clip!r}{_nearest(con, clip)}")
        if "edits" not in tables:
            return rows, []
        ids = [row["clip_id"] for row in rows]
        asked = "from edits where clip_id in (select unnest(?)) order by clip_id, cycle"
        return rows, _rows(con, asked, ids)


def _rows(con: duckdb.DuckDBPyConnection, query: str, value: object) -> list[dict[str, Any]]:
    found = con.execute(query, [value])
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _require_one_select(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = con.extract_statements(sql)
    if len(statements) != 1:
        raise ReleaseError(f"one SQL statement is asked for, not {len(statements)}")
    kind = statements[0].type
    if kind not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
        raise ReleaseError(f"a release is only read: {kind.name} is not allowed")


def _explain(con: duckdb.DuckDBPyConnection, error: Exception) -> str:
    message = str(error)
    unknown = _UNKNOWN_COLUMN.search(message)
    if not unknown:
        return " ".join(message.split("\n\nLINE")[0].split())
    columns = con.execute("select distinct column_name from duckdb_columns() where not internal")
    known = sorted(name for (name,) in columns.fetchall())
    return f"no column {unknown[1]!r}{did_you_mean(unknown[1], known)}"


def _nearest(con: duckdb.DuckDBPyConnection, clip: str) -> str:
    near = con.execute(
        """select distinct name, levenshtein(name, ?) as distance
        from (select unnest([clip_id, source_uri, video_id]) as name from clips)
        where name is not null order by distance, name limit 3""",
        [clip],
    ).fetchall()
    return f"; nearest: {', '.join(name for name, _ in near)}" if near else ""


def _told_apart(names: list[str]) -> list[str]:
    """Column names, each of them once; the first to bear a name keeps it.

    >>> _told_apart(["a", "a", "a_1", "a"])
    ['a', 'a_2', 'a_1', 'a_3']
    """
    apart: list[str] = []
    for name in names:
        free = (n for k in count(1) if (n := f"{name}_{k}") not in (*names, *apart))
        apart.append(next(free) if name in apart else name)
    return apart


def _story(
    row: Mapping[str, Any],
    attempts: Sequence[Mapping[str, Any]],
    locked: Mapping[str, Any],
    types: Mapping[str, Any],
) -> Story:
    errors = {name: value for name, value in row.items() if name.startswith("error_")}
    place = {name: row.get(name) for name in layout.LOCATION}
    place |= {name: row[name] for name in layout.ORIGINAL_LOCATION if row.get(name) is not None}
    realign = {name: row.get(name) for name in REALIGN_COLUMNS}
    edit = {name: row.get(name) for name in EDIT_COLUMNS}
    elsewhere = {*layout.EVERY_LOCATION, *REALIGN_COLUMNS, *EDIT_COLUMNS}
    told = {"clip_id", "state", "rejected_by", "flags", *errors, *elsewhere}
    return Story(
        clip_id=row["clip_id"],
        state=row["state"],
        reasons=reasons.of(row, locked, types),
        error=errors if row["state"] == "failed" else None,
        place=place if row["state"] in layout.RELEASED else None,
        row={name: value for name, value in row.items() if name not in told},
        realign=realign if realign["realign_outcome"] is not None else None,
        edit=edit if edit["edit_result"] is not None else None,
        attempts=tuple(one for one in attempts if one["clip_id"] == row["clip_id"])
        if edit["edit_result"] is not None
        else (),
    )
