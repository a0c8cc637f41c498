"""The table of edits tells what became of every clip that an editor was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.release import edited, layout, lock
from acav1m.release.checks import rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb
    import pyarrow.dataset as ds

# Copies of one clip share their clip_id, and their attempts: one of them has to agree.
_OFFENDERS: dict[str, str] = {
    "has no known edit_result": f"select clip_id from clips where edit_result is not null"
    f" and edit_result not in {edited.RESULTS}",
    "is edited, but does not say how, or from what": "select clip_id from clips"
    " where edit_result = 'edited' and (orig_flac_sha256 is null or orig_flac_bytes is null"
    " or coalesce(try(json_array_length(edit_transform, '$.edits')), 0) = 0)",
    "is not edited, but says how, or from what": "select clip_id from clips"
    " where edit_result is distinct from 'edited' and (edit_transform is not null"
    " or orig_flac_sha256 is not null or orig_flac_bytes is not null)",
    "has other attempts in `edits` than `edit_attempts` counts": "select clip_id"
    " from clips left join (select clip_id, count(*) as found from edits group by clip_id)"
    " using (clip_id)"
    " where edit_result is not null group by clip_id"
    " having not bool_or(coalesce(edit_attempts, 0) = coalesce(found, 0))",
    "is in `edits`, but no editor was asked for it": "select distinct clip_id from edits"
    " where not exists (from clips where clips.clip_id = edits.clip_id"
    " and edit_result is not null)",
    "has attempts that are not numbered from 1 on": "select clip_id from edits group by clip_id"
    " having count(distinct cycle) <> count(*) or min(cycle) <> 1 or max(cycle) <> count(*)",
    "is edited otherwise than its last accepted attempt": "select clip_id from clips left join"
    " (from edits where accepted qualify row_number() over"
    " (partition by clip_id order by cycle desc) = 1) using (clip_id)"
    " where edit_result = 'edited' group by clip_id"
    " having not bool_or(transform is not distinct from edit_transform)",
    "is not edited, but an attempt at it was accepted": "select clip_id from clips"
    " where clip_id in (select clip_id from edits where accepted) group by clip_id"
    " having not coalesce(bool_or(edit_result = 'edited'), false)",
    "has an attempt that is not told in JSON": "select distinct clip_id from edits"
    " where not (coalesce(json_valid(base) and json_valid(observation), false)"
    " and coalesce(json_valid(plan), true) and coalesce(json_valid(transform), true))",
}


def check(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, ds.Dataset], locked: Mapping[str, Any]
) -> Iterator[str]:
    """Hold clips, attempts and lock against each other."""
    if "edits" not in tables:
        yield from _without(con, locked)
        return
    if not lock.has_editors(locked):
        yield f"{layout.EDITS} is there, but the recipe of {layout.LOCK} names no editor"
    yield from rows.offending(con, _OFFENDERS)
    if "metadata" in tables and lock.keeps_originals(locked):
        lacks = [c for c in layout.ORIGINAL_LOCATION if c not in tables["metadata"].schema.names]
        yield from (f"metadata lacks {column}, where originals are" for column in lacks)


def _without(con: duckdb.DuckDBPyConnection, locked: Mapping[str, Any]) -> Iterator[str]:
    if lock.has_editors(locked):
        yield f"{layout.EDITS} is missing, but the recipe of {layout.LOCK} names editors"
    elif any(name == "edit_result" for name, *_ in con.execute("describe clips").fetchall()):
        told = {"tells of an edit in a release without": _TELLING}
        yield from rows.offending(con, told)


_TELLING = "select clip_id from clips where edit_result is not null or edit_transform is not null"
