"""Whose sound a build would move, and by how much: by the code that decides it there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from acav1m import realign
from acav1m.bench import verdict
from acav1m.filters.out_of_sync import OutOfSync

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acav1m.engines import Row
    from acav1m.plan import Plan

FILTER = "out_of_sync"
READS = ("sync_offset_s", "sync_confidence", "sync_events")


def shifts_s(plan: Plan, rows: Sequence[Row], moved: Sequence[Row | None]) -> list[float]:
    """By how much the sound of each clip is moved in the end, later if positive; 0 for most.

    `moved` holds what was found of a clip once its sound was where it seemed to belong, None
    where that was not tried. The recipe's filter `out_of_sync` asks for it, or a usual one.
    """
    if not set(READS) <= plan.columns().keys():
        return [0.0] * len(rows)
    asking = _asking(plan)
    found = verdict.found(plan, rows)
    keys = dict(zip(found["key"].to_pylist(), moved, strict=True))
    wanted = realign.wanted(found, asking).to_pylist()
    tried = [(one["moved_key"], keys[one["key"]]) for one in wanted if one["moved_key"]]
    there = [(key, row) for key, row in tried if row is not None]
    settled = realign.settled(found, _moved(plan, there), asking).to_pylist()
    by_key = {row["key"]: float(row["audio_shift_s"]) for row in settled}
    return [by_key[key] for key in keys]


def _asking(plan: Plan) -> Plan:
    usual = OutOfSync(min_confidence=plan.recipe.realign.min_confidence)
    asking = plan.filters.get(FILTER, usual).model_copy(update={"on_fail": "realign"})
    return replace(plan, steps={**plan.steps, "filters": {FILTER: asking}})


def _moved(plan: Plan, there: Sequence[tuple[str, Row]]) -> pa.Table:
    table = verdict.found(plan, [row for _, row in there])
    keys = pa.array([key for key, _ in there], pa.string())
    return table.set_column(table.column_names.index("key"), "key", keys)
