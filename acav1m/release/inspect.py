"""Ask a release: in SQL, or for one clip's whole story."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from acav1m import steps
from acav1m.errors import AcavError, RecipeError, ReleaseError, did_you_mean
from acav1m.release import layout, lock, views
from acav1m.sql import first_line, reads
from acav1m.table import REALIGN_COLUMNS, column_type

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow.dataset as ds

_UNKNOWN_COLUMN = re.compile(r'column "([^"]+)" not found')


@dataclass(frozen=True)
class Reason:
    """One filter or selector that rejected or flagged a clip."""

    name: str
    effect: str
    """`rejected` or `flagged`."""

    options: Mapping[str, Any]
    keep: str | None
    """The SQL that had to hold, where the release or this program knows it."""

    values: Mapping[str, Any]
    """The clip's values of the columns that SQL reads."""


@dataclass(frozen=True)
class Story:
    """What became of one candidate and why."""

    clip_id: str
    state: str
    reasons: tuple[Reason, ...]
    error: Mapping[str, Any] | None
    place: Mapping[str, Any] | None
    """Shard, offsets and sizes of a released clip's files."""

    row: Mapping[str, Any]
    """All other columns: source, cut, measures, captions, scores."""

    realign: Mapping[str, Any] | None = None
    """What came of moving its sound, if that was tried."""

    others: tuple[Story, ...] = ()
    """More that match: all clips of one video, or duplicates, whose clip_id is the same."""

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def query(folder: Path, sql: str) -> pa.Table:
    """Run one SELECT over `clips` (everything), `metadata`, `rejected` and `shards`.

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
        rows = _matching(tables, clip)
        types = {field.name: column_type(field.type) for field in tables["rejected"].schema}
        first, *others = [_story(row, locked, types) for row in rows]
    except (duckdb.Error, LookupError, TypeError, ValueError) as error:
        reason = first_line(error)
        raise ReleaseError(
            f"the tables are damaged, `acav1m verify` tells how: {reason}"
        ) from error
    return Story(**{**vars(first), "others": tuple(others)})


def _matching(tables: Mapping[str, ds.Dataset], clip: str) -> list[dict[str, Any]]:
    with views.connect(tables) as con:
        found = con.execute(
            f"""select * from clips where ? in (clip_id, source_uri, video_id)
            order by clip_id, list_position({list(layout.STATES)}, state), source_uri""",
            [clip],
        )
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        if not rows:
            raise ReleaseError(f"no clip {clip!r}{_nearest(con, clip)}")
    return rows


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
    known = [name for name, *_ in con.execute("describe clips").fetchall()]
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


def _story(row: Mapping[str, Any], locked: Mapping[str, Any], types: Mapping[str, Any]) -> Story:
    errors = {name: value for name, value in row.items() if name.startswith("error_")}
    place = {name: row.get(name) for name in layout.LOCATION}
    realign = {name: row.get(name) for name in REALIGN_COLUMNS}
    told = {"clip_id", "state", "rejected_by", "flags", *errors, *place, *realign}
    return Story(
        clip_id=row["clip_id"],
        state=row["state"],
        reasons=tuple(
            _reason(name, effect, row, locked, types)
            for effect, names in (("rejected", row["rejected_by"]), ("flagged", row["flags"]))
            for name in names or ()
        ),
        error=errors if row["state"] == "failed" else None,
        place=place if row["state"] in layout.RELEASED else None,
        row={name: value for name, value in row.items() if name not in told},
        realign=realign if realign["realign_outcome"] is not None else None,
    )


def _reason(
    name: str,
    effect: str,
    row: Mapping[str, Any],
    locked: Mapping[str, Any],
    types: Mapping[str, Any],
) -> Reason:
    kind, options = lock.options(locked, name) or ("", {})
    keep = lock.condition(locked, name) or _keep(kind, name, options)
    return Reason(name, effect, options, keep, _values(keep, row, types))


def _keep(kind: str, name: str, options: Mapping[str, Any]) -> str | None:
    """Ask the step itself, for a selector's SQL is not in the lock."""
    try:
        step = steps.load(kind, name)(**options) if kind else None
    except (AcavError, ValueError):
        return None  # a step of another package or version: its options have to do
    return step.keep() if isinstance(step, steps.Filter | steps.Selector) else None


def _values(keep: str | None, row: Mapping[str, Any], types: Mapping[str, Any]) -> dict[str, Any]:
    if keep is None:
        return {}
    try:
        used = reads(keep, types)
    except RecipeError:
        return {}
    return {name: row[name] for name in row if name in used}
