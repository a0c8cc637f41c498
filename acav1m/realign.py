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
    from collections.abc import Mapping

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
    """The clips as they are, with the columns of the stages that mend sound."""
    for field in table.schema(table.MENDING_COLUMNS):
        value = 0.0 if field.name == "audio_shift_s" else None
        found = found.append_column(field, pa.array([value] * found.num_rows, field.type))
    return found


def wanted(found: pa.Table, plan: Plan) -> pa.Table:
    """Whose sound is to be moved: `key`, `sound_late_s`, and `moved_key`, the key of the try.

    A clip is tried if a filter that asks for it objects, its offset is sure, one shift mends it,
    and there is sound to go by. One that would become too short has no `moved_key`. `found` is as
    of `untouched`.

    Raises:
        RecipeError: A filter meets a value that it cannot take.
    """
    with _opened(found=found) as connection, blaming(connection, plan):
        connection.execute(f"CREATE TABLE asked AS {_asked(plan)}")
        return connection.sql(_WANTED).to_arrow_table()


def settled(found: pa.Table, moved: pa.Table, plan: Plan) -> pa.Table:
    """The clips, the moved ones that are taken in the place of the originals.

    Both are as of `untouched`; in `moved`, the `moved_key` of `wanted` is the key. A moved clip is
    taken if the filters that ask for such are content, its offset is next to nothing with at
    least half the confidence asked for before, and it scores no less over time. Clips that
    `wanted` passes over although a filter asks say what hindered it.

    Raises:
        RecipeError: A filter meets a value that it cannot take.
    """
    with _opened(found=found, moved=moved) as connection, blaming(connection, plan):
        connection.execute(f"CREATE TABLE asked AS {_asked(plan)}")
        connection.execute(f"CREATE TABLE shifted AS {_SHIFTED}")
        connection.execute(f"CREATE TABLE tried AS {_tried(plan)}")
        return connection.sql(_SETTLED).to_arrow_table()


def _opened(**tables: pa.Table) -> duckdb.DuckDBPyConnection:
    connection = connect()
    connection.execute("SET threads = 1")
    for name, rows in tables.items():
        connection.register(name, rows)
    return connection


def _asked(plan: Plan) -> str:
    """SQL: the clips that a filter asks for, with the first hindrance to moving them, if any."""
    is_long = f"duration_s - abs({LATE_MS}) / 1000 >= {plan.recipe.cut.min_s}"
    moved_key = f"printf('%s-r{VERSION}%+dms', key, {LATE_MS})"
    return f"""
        SELECT key, {LATE_MS} / 1000 AS sound_late_s, {_cases(_hindrances(plan))} AS hindrance,
            CASE WHEN hindrance IS NULL AND {is_long} THEN {moved_key} END AS moved_key
        FROM (
            SELECT *, {objectors(asking(plan))} AS asked_by
            FROM found AS {TABLE}
        )
        WHERE error_kind IS NULL AND len(asked_by) > 0
    """


def _hindrances(plan: Plan) -> dict[str, str]:
    """SQL: why a clip is not tried, by condition; what is unknown hinders."""
    settings, known = plan.recipe.realign, plan.columns()
    sure, drift_s = settings.min_confidence, "abs(sync_drift) * duration_s"
    told = {
        "NOT coalesce(silent_share < 1, false)": "'it is silent'",
        "NOT coalesce(sync_events > 0, false)": "'no onset is heard in it'",
        # else no shift would bring both ends of the clip within the limit
        f"{drift_s} > {2 * settings.max_offset_s}": (
            f"printf('its sound drifts by %.2f s from end to end', {drift_s})"
        ),
        "sync_offset_s IS NULL OR sync_confidence IS NULL": "'its offset is unknown'",
        f"sync_confidence < {sure}": (  # 0.8999 is not told as 0.900
            "printf('its offset is not sure: sync_confidence is %.3f, under "
            f"{sure}', floor(sync_confidence * 1000) / 1000)"
        ),
        f"{LATE_MS} = 0": "'its sound is in step'",
    }
    absent = {"silent_share", "sync_drift"} - known.keys()
    return {when: say for when, say in told.items() if not any(c in when for c in absent)}


def _cases(told: Mapping[str, str]) -> str:
    """SQL: what the first condition that holds has to say, null if none does."""
    return f"CASE {' '.join(f'WHEN {when} THEN {say}' for when, say in told.items())} END"


_WANTED = """
    SELECT key, sound_late_s, moved_key FROM asked WHERE hindrance IS NULL ORDER BY key
"""


_SHIFTED = """
    SELECT moved.* REPLACE (asked.key AS key, -sound_late_s AS audio_shift_s,
        'realigned' AS realign_outcome, sound_late_s AS realign_offset_s)
    FROM moved JOIN asked ON moved_key = moved.key
"""
"""SQL: the moved clips as they stand in the ledger if they are taken."""


def _tried(plan: Plan) -> str:
    """SQL: what came of asking; the first reason not to take the moved clip is told."""
    settings, known = plan.recipe.realign, plan.columns()
    reasons = {
        "hindrance IS NOT NULL": "hindrance",
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
        SELECT asked.key, CASE WHEN hindrance IS NULL THEN sound_late_s END AS tried_s,
            {_cases(reasons)} AS reason,
            CASE WHEN hindrance IS NOT NULL THEN 'not_tried'
                WHEN moved_key IS NULL THEN 'too_short'
                WHEN shifted.error_kind IS NOT NULL THEN 'failed'
                WHEN reason IS NULL THEN 'realigned' ELSE 'not_better' END AS outcome
        FROM asked JOIN found USING (key) LEFT JOIN (
            SELECT *, {objectors(asking(plan))} AS objecting FROM shifted AS {TABLE}
        ) AS shifted USING (key)
    """


_SETTLED = """
    SELECT shifted.* FROM shifted JOIN tried USING (key) WHERE outcome = 'realigned'
    UNION ALL BY NAME
    SELECT found.* REPLACE (outcome AS realign_outcome, tried_s AS realign_offset_s,
        reason AS realign_reason)
    FROM found LEFT JOIN tried USING (key) WHERE outcome IS DISTINCT FROM 'realigned'
"""
