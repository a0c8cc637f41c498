"""From what workers tell of trials to figures: recovery by policy, and how far a planner leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m.bench.agent import bootstrap
from acav1m.bench.agent.measure import MEASURES
from acav1m.bench.agent.policies import CONTROLS, NONE, PLANNER, POLICIES
from acav1m.bench.figures import rounded
from acav1m.calibration.evidence import proportion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from acav1m.calibration.evidence import Interval
    from acav1m.engines import Row

RECOVERED = (
    "si_sdr_db",
    "out_of_step_ms",
    "loudness_error_lu",
    "pitch_error_cents",
    "gap_distance_db",
    "gap_snr_db",
    "blanks_left",
)
OTHERS = {"temporal": "other_temporal", "content": "other_content"}
"""Scorers that reflection does not ask, by what they judge."""


def faults(rows: Sequence[Row], key: str) -> dict[str, Any]:
    """The figures of all trials that have the same `key` (`grade` or `kind`), in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return {name: _of(some) for name, some in found.items()}


def harm(rows: Sequence[Row]) -> dict[str, Any]:
    """What policies do to clips that have no fault."""
    return {policy: _harm(rows, policy) for policy in POLICIES if policy != NONE}


def timing(rows: Sequence[Row], clean: Sequence[Row]) -> dict[str, dict[str, float]]:
    """CPU seconds of the planner's loop for a clip, in all and as a multiple of its length.

    The clean clip comes first and opens the pictures, which the damaged ones share.
    """
    parts = {"clean": clean, "damaged": rows}
    return {name: _times(some) for name, some in parts.items() if some}


def _times(rows: Sequence[Row]) -> dict[str, float]:
    took_s = sum(row["policies"][PLANNER]["cpu_s"] for row in rows)
    played_s = sum(row["seconds"] for row in rows)
    return {
        "cpu_s_per_clip": round(took_s / len(rows), 3),
        "cpu_s_per_s": round(took_s / played_s, 3),
    }


def interval(found: Interval) -> list[float]:
    """Both ends, as JSON has them."""
    return [rounded(found.low), rounded(found.high)]


def _of(rows: Sequence[Row]) -> dict[str, Any]:
    measure = MEASURES[rows[0]["kind"]]
    return {
        "kind": rows[0]["kind"],
        "trials": len(rows),
        "measure": measure.column,
        "policies": {policy: _policy(rows, policy) for policy in POLICIES},
        "ahead": {
            control: _lead([measure.ahead(row, PLANNER, control) for row in rows], rows)
            for control in (NONE, *CONTROLS)
        },
        "other_scorers": {name: _change(rows, column) for name, column in OTHERS.items()},
    }


def _policy(rows: Sequence[Row], policy: str) -> dict[str, Any]:
    measure, told = MEASURES[rows[0]["kind"]], [row["policies"][policy] for row in rows]
    values = [measure.of(row, policy) for row in rows]
    found = {column: _mean(one[column] for one in told) for column in RECOVERED}
    within = {}
    if measure.within is not None:
        near = sum(value <= measure.within for value in values)
        within = {"within": measure.within, "within_share": rounded(near / len(values))}
    return {
        "mean": rounded(float(np.mean(values))),
        "median": rounded(float(np.median(values))),
        **within,
        "edited_share": rounded(sum(map(_is_edited, told)) / len(told)),
        "recovery": {column: value for column, value in found.items() if value is not None},
    }


def _lead(values: Sequence[float], rows: Sequence[Row]) -> dict[str, Any]:
    """A mean difference and whether it is surely one."""
    found = bootstrap.mean(values, [row["video"] for row in rows])
    low, high = interval(found)
    return {"mean": rounded(found.value), "mean_95": [low, high], "sure": low > 0 or high < 0}


def _change(rows: Sequence[Row], column: str) -> dict[str, Any] | None:
    """By how much the planner's sound scores higher than the damaged one, where both score."""
    known = [(row, row["policies"][PLANNER][column], row["policies"][NONE][column]) for row in rows]
    known = [(row, after, before) for row, after, before in known if None not in (after, before)]
    if not known:
        return None
    lead = _lead([after - before for _, after, before in known], [row for row, *_ in known])
    return {"trials": len(known), "before": _mean(before for *_, before in known), **lead}


def _harm(rows: Sequence[Row], policy: str) -> dict[str, Any]:
    told = [row["policies"][policy] for row in rows]
    touched = [one for one in told if _is_edited(one)]
    share = proportion(len(touched), len(rows))
    return {
        "clips": len(rows),
        "touched": len(touched),
        "touched_share": rounded(share.value),
        "touched_share_95": interval(share),
        "of_touched": {
            column: _mean(one[column] for one in touched)
            for column in ("si_sdr_db", "loudness_error_lu", "out_of_step_ms", "pitch_error_cents")
        },
    }


def _is_edited(told: Mapping[str, Any]) -> bool:
    return bool(told["transform"]["edits"])


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return rounded(float(np.mean(known))) if known else None
