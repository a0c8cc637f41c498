"""From the rows that workers gave to the figures of every defect at every strength."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from acav1m.bench import figures, looking, realignment, verdict
from acav1m.bench.figures import Score, Trial
from acav1m.bench.trials import CLEAN
from acav1m.synth.plant import defect_named, defects

if TYPE_CHECKING:
    from acav1m.bench.looking import Look
    from acav1m.engines import Row
    from acav1m.plan import Plan

Trials = Mapping[tuple[str, str], Sequence[Trial]]
"""By defect and strength; clips as they were are under `clean` twice."""

FAR = ("sync_offset_s", "sync_drift")
"""Columns that are odd in both directions."""


def trials(plan: Plan, looks: Sequence[Look], backend: str, rows: Sequence[Row]) -> Trials:
    """What one backend found, with the verdicts of the filters."""
    columns = [row["columns"][backend] | {"duration_s": row["duration_s"]} for row in rows]
    said = verdict.judged(plan, columns, verdict.without_answer(plan, _columns(looks)))
    moved = [row.get("moved", {}).get(backend) for row in rows]
    shifts_s = realignment.shifts_s(plan, columns, moved)
    found: dict[tuple[str, str], list[Trial]] = {}
    for row, told, one, shift_s in zip(rows, columns, said, shifts_s, strict=True):
        trial = Trial(row["key"], row["video"], row["offset_s"], told, one, shift_s)
        found.setdefault((row["defect"], row["strength"]), []).append(trial)
    return found


def figures_of(
    plan: Plan, looks: Sequence[Look], found: Trials, skipped: Sequence[Row]
) -> dict[str, Any]:
    """All figures of one backend."""
    sure = plan.recipe.realign.min_confidence
    clean = found.get((CLEAN, CLEAN), ())
    left_out = _left_out(skipped)
    raw = looking.raw(looks)
    tables: dict[str, dict[str, Any]] = {}
    for defect, strength in _in_order([*found, *left_out]):
        made = _of_strength(defect, clean, found.get((defect, strength), ()), raw, looks, sure)
        reasons = left_out.get((defect, strength))
        tables.setdefault(defect, {})[strength] = made | ({"left_out": reasons} if reasons else {})
    return {
        "filters_left_out": verdict.without_answer(plan, _columns(looks)),
        "clean": {
            "clips": len(clean),
            **figures.verdicts(clean),
            **figures.offsets(clean, sure),
            **figures.realigning(clean),
        },
        "defects": tables,
    }


def timing(rows: Sequence[Row]) -> dict[str, Any]:
    """CPU seconds that a backend's steps took for a clip, and how much faster than it plays.

    Decoding is counted, rendering and planting are not.
    """
    opened = [row for row in rows if row["defect"] == CLEAN]
    if not opened:
        return {}
    played_s = sum(row["duration_s"] for row in opened)
    took_s = {name: sum(r["seconds"][name] for r in opened) for name in opened[0]["seconds"]}
    return {
        name: {
            "seconds_per_clip": round(total_s / len(opened), 4),
            "times_real_time": round(played_s / total_s, 1),
        }
        for name, total_s in took_s.items()
    }


def judge(defect: str, raw: Mapping[str, str]) -> Score:
    """The score that should tell a defect; raw where it is calibrated, which ranks the same."""
    column, when_damaged = defect_named(defect).judge
    return Score(raw.get(column, column), when_damaged)


def _of_strength(
    defect: str,
    clean: Sequence[Trial],
    damaged: Sequence[Trial],
    raw: Mapping[str, str],
    looks: Sequence[Look],
    min_confidence: float,
) -> dict[str, Any]:
    score, clips = judge(defect, raw), {trial.clip for trial in damaged}
    same = [trial for trial in clean if trial.clip in clips]
    moved = damaged and all(trial.offset_s for trial in damaged)
    return {
        "clips": len(clips),
        "score": score.column,
        **figures.separation(same, damaged, score),
        "scored_share": figures.scored_share(damaged, score),
        "auc_by_score": {
            one.column: figures.plain_auc(same, damaged, one) for one in _scores(raw, looks)
        },
        **figures.verdicts(damaged),
        "false_rejected_share": figures.verdicts(same)["rejected_share"],
        **(figures.offsets(damaged, min_confidence) if moved else {}),
        **figures.realigning(damaged),
    }


def _scores(raw: Mapping[str, str], looks: Sequence[Look]) -> list[Score]:
    """All that may tell something: calibrated scores, the judges, offset and drift."""
    numbers = {look.prefix + c for look in looks for c, t in look.step.adds.items() if t is float}
    found = {name: judge(name, raw) for name in defects()}
    scores = {one.column: one for one in found.values()}
    scores |= {column: Score(column, "low") for column in raw.values()}
    scores |= {column: Score(column, "far") for column in FAR}
    return [scores[column] for column in sorted(scores) if column in numbers]


def _columns(looks: Sequence[Look]) -> list[str]:
    return [column for look in looks for column in look.columns()]


def _left_out(skipped: Sequence[Row]) -> dict[tuple[str, str], dict[str, Any]]:
    """How many clips could not be damaged in which way, and why the first could not."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in skipped:
        found.setdefault((row["defect"], row["strength"]), {})[row["key"]] = row["left_out"]
    return {
        key: {"clips": len(reasons), "reason": next(iter(reasons.values()))}
        for key, reasons in found.items()
    }


def _in_order(keys: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Defects by name, their strengths as the defects have them."""
    order = {key: at for at, key in reversed(list(enumerate(keys)))}
    known = [key for key in order if key[0] != CLEAN]
    return sorted(known, key=lambda key: (key[0], order[key]))
