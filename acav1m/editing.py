"""Decide, from columns alone, who is given to the recipe's editor; put what comes back in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from acav1m import table
from acav1m.calibration.map import to_json
from acav1m.errors import RecipeError
from acav1m.looks import steps_for
from acav1m.plan import digest
from acav1m.select import blamed
from acav1m.sql import bracketed, connect, identifier, quoted
from acav1m.sql.expression import TABLE
from acav1m.stages.edit import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.calibration.map import Map
    from acav1m.engines import Row
    from acav1m.plan import Plan
    from acav1m.steps import Measure


def looking(plan: Plan) -> dict[str, Measure]:
    """The steps, by `kind.name`, whose columns the editor goes by."""
    _, editor = plan.editor
    return steps_for(plan.lookers, {*editor.needs(), *editor.uses()})


def scales(plan: Plan, maps: Mapping[str, Map]) -> dict[str, Row]:
    """As JSON, the maps of the calibrated columns among those."""
    columns = [column for step in looking(plan).values() for column in step.columns()]
    return {column: to_json(maps[column]) for column in columns if column in maps}


def key(plan: Plan, maps: Mapping[str, Map]) -> str:
    """Cache key of the edits: changes when anything that they depend on does.

    Which clips are asked for is no part of it: an edit does not depend on other clips' edits.
    """
    name, editor = plan.editor
    everyone = editor.model_copy(update={"only_if": "true"})
    looks = sorted(plan.key(label) for label in looking(plan))
    return digest(
        [VERSION, name, everyone.identity(), looks, scales(plan, maps), plan.key("realign")]
    )


def wanted(found: pa.Table, plan: Plan, under: str) -> pa.Table:
    """The rows of the clips that are given to the editor, each with the `_edited_key` of its edit.

    That key tells the clip, how its sound was moved before, `under` (as of `key`), and what the
    steps read of the source's metadata.

    Raises:
        RecipeError: The editor's condition meets a value that it cannot take.
    """
    name, editor = plan.editor
    with connect() as connection:
        connection.execute("SET threads = 1")
        connection.register("found", found)
        try:
            return connection.sql(f"""
                SELECT *, {_edited_key(plan, under)} AS _edited_key FROM found AS {TABLE}
                WHERE error_kind IS NULL AND coalesce({bracketed(editor.only_if)}, false)
                ORDER BY key
            """).to_arrow_table()
        except duckdb.Error as error:
            raise RecipeError([blamed(f"editors.{name}: only_if", error)]) from error


def settled(found: pa.Table, asked: pa.Table, edits: pa.Table, edited: pa.Table) -> pa.Table:
    """The clips, those with edited sound in the place of the originals.

    `asked` is as of `wanted`, `edits` what the editor did (`stages.edit.SCHEMA`), and `edited`
    the edited clips with all columns of their own. A clip whose edit failed, or whose edited
    sound cannot be looked at, stays as it is and says why.
    """
    with connect() as connection:
        connection.execute("SET threads = 1")
        tables = {"found": found, "asked": asked, "edits": edits, "edited": edited}
        for name, rows in tables.items():
            connection.register(name, rows)
        connection.execute(_TRIED)
        return connection.sql(_settled()).to_arrow_table()


def _edited_key(plan: Plan, under: str) -> str:
    """SQL: what an edit goes by."""
    carried = plan.metadata_columns()
    labels = looking(plan)
    read = sorted({c for label in labels for c in plan.metadata_needs(label)} & carried.keys())
    moved = "printf('%s%+dms', key, round(audio_shift_s * 1000)::BIGINT)"
    told = f"{moved} || {quoted(f'-e{under}')}"
    if not read:
        return told
    values = ", ".join(f"{identifier(column)}::VARCHAR" for column in read)
    return f"{told} || '-' || md5(to_json([{values}]))"


_TRIED = """
    CREATE TABLE tried AS
    SELECT asked.key, asked._edited_key,
        CASE WHEN edits.edit_result = 'edited' AND edited.error_kind IS NOT NULL THEN 'failed'
            ELSE edits.edit_result END AS result,
        CASE WHEN edits.edit_result = 'edited' AND edited.error_kind IS NOT NULL
            THEN 'its edited sound: ' || edited.error_message
            ELSE edits.edit_reason END AS reason,
        edits.edit_attempts AS attempts, edits.edit_transform AS transform,
        edits.orig_flac_sha256 AS sha256, edits.orig_flac_bytes AS bytes
    FROM asked JOIN edits ON edits.key = asked._edited_key
        LEFT JOIN edited ON edited.key = asked._edited_key
"""
"""SQL: what came of asking."""


def _settled() -> str:
    moved = ", ".join(f"found.{column} AS {column}" for column in table.REALIGN_COLUMNS)
    return f"""
        SELECT edited.* REPLACE (tried.key AS key, {moved}, tried.result AS edit_result,
            tried.reason AS edit_reason, tried.attempts AS edit_attempts,
            tried.transform AS edit_transform, tried.sha256 AS orig_flac_sha256,
            tried.bytes AS orig_flac_bytes)
        FROM edited JOIN tried ON edited.key = tried._edited_key
            JOIN found ON found.key = tried.key
        WHERE tried.result = 'edited'
        UNION ALL BY NAME
        SELECT found.* REPLACE (tried.result AS edit_result, tried.reason AS edit_reason,
            tried.attempts AS edit_attempts)
        FROM found LEFT JOIN tried ON tried.key = found.key
        WHERE tried.result IS DISTINCT FROM 'edited'
    """
