"""Decide, from columns alone, whose sound is moved, and which of the moved clips are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from acav1m import table
from acav1m.select import blaming, objectors
from acav1m.sql import connect
from acav1m.sql.expression import TABLE
from acav1m.stages.realign import VERSION

if TYPE_CHECKING:
    import duckdb

    from acav1m.plan import Plan
    from acav1m.steps import Filter

LATE_MS = "round(sync_offset_s * 1000)::BIGINT"

LEFT = 0.5
"""Share of the asked confidence that must be left: a moved clip is shorter, so it tells less."""


def asking(plan: Plan) -> dict[str, Filter]:
    """The filters that want a clip realigned before it is rejected."""
    return {name: step for name, step in plan.filters.items() if step.on_fail == "realign"}


def untouched(found: pa.Table) -> pa.Table:
    """The clips as they are, with the columns of the realign stage."""
    for field in table.schema(table.REALIGN_COLUMNS):
        value = 0.0 if field.name == "audio_shift_s" else None
        found = found.append_column(field, pa.array([value] * found.num_rows, field.type))
    return found


def wanted(found: pa.Table, plan: Plan) -> pa.Table:
    """Whose sound is to be moved: `key`, `sound_late_s`, and `moved_key`, the key of the try.

    A clip is tried if a filter that asks for it objects, its offset is sure, its seconds are more
    likely out of step than in it, and there is sound to go by. One that would become too short
    has no `moved_key`. `found` is as of `untouched`.

    Raises:
        RecipeError: A filter meets a value that it cannot take.
    """
    with _opened(found=found) as connection, blaming(connection, plan):
        return connection.sql(_wanted(plan)).to_arrow_table()


def settled(found: pa.Table, moved: pa.Table, plan: Plan) -> pa.Table:
    """The clips, the moved ones that are taken in the place of the originals.

    Both are as of `untouched`; in `moved`, the `moved_key` of `wanted` is the key. A moved clip is
    taken if the filters that ask for such are content, its offset is next to nothing with at
    least half the confidence asked for before, and it scores no less over time.

    Raises:
        RecipeError: A filter meets a value that it cannot take.
    """
    with _opened(found=found, moved=moved) as connection, blaming(connection, plan):
        connection.execute(f"CREATE TABLE wanted AS {_wanted(plan)}")
        connection.execute(f"CREATE TABLE shifted AS {_SHIFTED}")
        connection.execute(f"CREATE TABLE tried AS {_tried(plan)}")
        return connection.sql(_SETTLED).to_arrow_table()


def _opened(**tables: pa.Table) -> duckdb.DuckDBPyConnection:
    connection = connect()
    connection.execute("SET threads = 1")
    for name, rows in tables.items():
        connection.register(name, rows)
    return connection


def _wanted(plan: Plan) -> str:
    settings, known = plan.recipe.realign, plan.columns()
    conditions = [
        "error_kind IS NULL",
        "len(asked_by) > 0",
        f"sync_confidence >= {settings.min_confidence}",
        "sync_events > 0",
        f"{LATE_MS} != 0",
    ]
    if "silent_share" in known:
        conditions.append("silent_share < 1")
    if "sync_drift" in known:  # else no shift would bring both ends of the clip within the limit
        limit_s = 2 * settings.max_offset_s
        conditions.append(f"coalesce(abs(sync_drift) * duration_s <= {limit_s}, true)")
    is_long = f"duration_s - abs({LATE_MS}) / 1000 >= {plan.recipe.cut.min_s}"
    return f"""
        SELECT key, {LATE_MS} / 1000 AS sound_late_s, asked_by,
            CASE WHEN {is_long} THEN printf('%s-r{VERSION}%+dms', key, {LATE_MS}) END AS moved_key
        FROM (
            SELECT *, {objectors(asking(plan))} AS asked_by
            FROM found AS {TABLE}
        )
        WHERE {" AND ".join(conditions)}
        ORDER BY key
    """


_SHIFTED = """
    SELECT moved.* REPLACE (wanted.key AS key, -sound_late_s AS audio_shift_s,
        'realigned' AS realign_outcome, sound_late_s AS realign_offset_s)
    FROM moved JOIN wanted ON moved_key = moved.key
"""
"""SQL: the moved clips as they stand in the ledger if they are taken."""


def _tried(plan: Plan) -> str:
    """SQL: what came of each try; the first reason not to take the moved clip is told."""
    settings, known = plan.recipe.realign, plan.columns()
    reasons = {
        "moved_key IS NULL": "printf('%.2f s would be left', found.duration_s - abs(sound_late_s))",
        "shifted.error_kind IS NOT NULL": "shifted.error_message",
        "len(objecting) > 0": "array_to_string(objecting, ' and ') || ' would still object'",
        f"NOT coalesce(shifted.sync_confidence >= {LEFT * settings.min_confidence}, false)": (
            "printf('its sync_confidence would be %.2f', coalesce(shifted.sync_confidence, 0))"
        ),
        f"abs(shifted.sync_offset_s) > {settings.max_offset_s}": (
            "printf('its sync_offset_s would be %.3f', shifted.sync_offset_s)"
        ),
    }
    for score in ("temporal_score", "temporal_score_raw"):
        if score in known:
            values = f"found.{score}, shifted.{score}"
            reasons[f"shifted.{score} < found.{score}"] = (
                f"printf('its {score} would fall from %.3f to %.3f', {values})"
            )
    return f"""
        SELECT wanted.key, sound_late_s,
            CASE {" ".join(f"WHEN {when} THEN {why}" for when, why in reasons.items())} END
                AS reason,
            CASE WHEN moved_key IS NULL THEN 'too_short'
                WHEN shifted.error_kind IS NOT NULL THEN 'failed'
                WHEN reason IS NULL THEN 'realigned' ELSE 'not_better' END AS outcome
        FROM wanted JOIN found USING (key) LEFT JOIN (
            SELECT *, {objectors(asking(plan))} AS objecting FROM shifted AS {TABLE}
        ) AS shifted USING (key)
    """


_SETTLED = """
    SELECT shifted.* FROM shifted JOIN tried USING (key) WHERE outcome = 'realigned'
    UNION ALL BY NAME
    SELECT found.* REPLACE (outcome AS realign_outcome, sound_late_s AS realign_offset_s,
        reason AS realign_reason)
    FROM found LEFT JOIN tried USING (key) WHERE outcome IS DISTINCT FROM 'realigned'
"""
