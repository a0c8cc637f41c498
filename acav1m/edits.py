"""The table of all attempts at edits, from the stories that the edit stage keeps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from acav1m import table
from acav1m.agent.attempt import Story
from acav1m.sql import connect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from acav1m.agent.attempt import Attempt
    from acav1m.agent.scores import Scores
    from acav1m.engines import Row


def attempts(ledger: pa.Table, asked: pa.Table, edits: pa.Table) -> pa.Table:
    """Every attempt at an edit, as `table.EDITS_COLUMNS`, clip by clip in the ledger's order.

    `asked` is as of `editing.wanted`, `edits` as of `stages.edit.SCHEMA`. No clock is in it. Of
    copies of one clip, the first counts.
    """
    with connect() as connection:
        connection.execute("SET threads = 1")
        for name, rows in (("ledger", ledger), ("asked", asked), ("edits", edits)):
            connection.register(name, rows)
        cursor = connection.execute("""
            SELECT ledger.clip_id, edits.story
            FROM ledger JOIN asked USING (key) JOIN edits ON edits.key = asked._edited_key
            WHERE edits.story IS NOT NULL
            QUALIFY row_number() OVER (
                PARTITION BY ledger.clip_id ORDER BY ledger.source_uri, ledger.key
            ) = 1
            ORDER BY ledger.clip_id
        """)
        rows = list(_rows(cursor.fetchall()))
    return pa.Table.from_pylist(rows, schema=table.schema(table.EDITS_COLUMNS))


def _rows(told: Iterable[tuple[str, str]]) -> Iterator[Row]:
    for clip_id, story in told:
        for attempt in Story.model_validate_json(story).attempts:
            yield {"clip_id": clip_id, **_attempt(attempt)}


def _attempt(attempt: Attempt) -> Row:
    plan, after = attempt.plan, attempt.after
    told = json.dumps(plan.told(), ensure_ascii=False) if plan else None
    return {
        "cycle": attempt.cycle,
        "planner": attempt.planner,
        "base": attempt.base.model_dump_json(),
        "plan": told,
        "reason": plan.reason if plan else None,
        "cause": attempt.cause,
        "transform": attempt.transform.model_dump_json() if attempt.transform else None,
        **_scores(attempt.before, "before"),
        **(_scores(after, "after") if after else {}),
        "accepted": attempt.accepted,
        "outcome": attempt.outcome,
        "observation": attempt.observation.model_dump_json(),
    }


def _scores(scores: Scores, when: str) -> dict[str, Any]:
    return {f"{name}_{when}": value for name, value in scores.model_dump().items()}
