"""What a recipe's filters say of the trials, by the code that selects in a build."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from acav1m import realign, table
from acav1m.select import select
from acav1m.sql import reads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acav1m.engines import Row
    from acav1m.plan import Plan

GIVEN: dict[str, Any] = {
    "clip_id": str,
    "duration_s": float,
    "cut_skew_s": float,
    "decode_errors": int,
    "source_caption": str,
    "event": str,
}
"""What is known of a trial beside the steps' columns: it was cut well."""


@dataclass(frozen=True)
class Verdict:
    """The filters that object, and whether the clip is out for it."""

    rejected: bool
    objections: tuple[str, ...]


def wanted(plan: Plan) -> set[str]:
    """Columns that the recipe's filters read."""
    known = plan.columns()
    return {c for step in plan.filters.values() for c in reads(step.keep(), known)}


def without_answer(plan: Plan, known: Iterable[str]) -> dict[str, list[str]]:
    """Filters that read what no trial has, such as metadata of a source, and what that is."""
    has, columns = {*known, *GIVEN}, plan.columns()
    lacks = {name: sorted(reads(step.keep(), columns) - has) for name, step in plan.filters.items()}
    return {name: missing for name, missing in lacks.items() if missing}


def judged(plan: Plan, rows: Sequence[Row], left_out: Iterable[str]) -> list[Verdict]:
    """Try the filters on rows of columns; one verdict each, in their order.

    Selectors choose among clips and are not asked.
    """
    filters = {n: f for n, f in plan.steps["filters"].items() if n not in set(left_out)}
    asked = replace(plan, steps={**plan.steps, "filters": filters, "selectors": {}})
    ledger = select(found(plan, rows), asked).to_pylist()
    by_key = {row["key"]: row for row in ledger}
    return [_verdict(by_key[_key(at)]) for at in range(len(rows))]


def found(plan: Plan, rows: Sequence[Row]) -> pa.Table:
    """Rows of columns as a build has them of clips that were cut well, in their order."""
    columns = GIVEN | plan.columns() | table.ERROR_COLUMNS
    columns = {c: kind for c, kind in columns.items() if c not in table.MENDING_COLUMNS}
    given = [
        {
            **dict.fromkeys(columns),
            **{c: v for c, v in row.items() if c in columns},
            **dict.fromkeys(("key", "clip_id", "source_uri", "video_id"), _key(at)),
            "cut_skew_s": 0.0,
            "decode_errors": 0,
        }
        for at, row in enumerate(rows)
    ]
    made = pa.Table.from_pylist(given, schema=table.schema({"key": str} | columns))
    return realign.untouched(made)


def _key(at: int) -> str:
    return f"{at:08d}"


def _verdict(row: Row) -> Verdict:
    return Verdict(row["state"] == "rejected", (*row["rejected_by"], *row["flags"]))
