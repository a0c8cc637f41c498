"""Plant every defect in clips, and report what a recipe's scores and filters make of them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from acav1m.bench import gather, looking, results, verdict
from acav1m.bench.work import Workers
from acav1m.progress import Progress
from acav1m.synth.plant import defect_named, defects

if TYPE_CHECKING:
    from acav1m.bench.gather import Gathered
    from acav1m.bench.looking import Backends
    from acav1m.bench.results import Trials
    from acav1m.engines import Row
    from acav1m.plan import Plan

RENDERED = 64
"""Clips that are rendered unless told otherwise: every event four times."""

OFFSET = ("sync_offset_s", "sync_confidence", "sync_drift", "sync_events")


@dataclass(frozen=True)
class Asked:
    """What a benchmark is run on: all that decides its figures, beside the recipe."""

    seed: int = 0
    count: int | None = None
    clips: str | None = None
    """A folder, glob or list of videos; rendered clips where there is none."""

    models: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What came out."""

    figures: Mapping[str, Any]
    """The same for the same seed."""

    timing: Mapping[str, Any]
    """CPU seconds, never quite the same."""

    gathered: Gathered
    trials: Mapping[str, Trials]
    """By backend, what figures and pictures are made of."""

    raw: Mapping[str, Mapping[str, str]]
    """By backend, calibrated column to raw one."""


def curation(
    plan: Plan,
    asked: Asked,
    folder: Path | None = None,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Run the benchmark; clips that are cut for it lie in `folder`, or nowhere afterwards.

    Raises:
        AcavError: There are too few clips, or no such folder or model.
    """
    looks = looking.backends(plan, asked.models, _wanted(plan))
    with (
        TemporaryDirectory(prefix="acav1m-bench-") as scratch,
        Workers(
            workers or os.cpu_count() or 1, folder or Path(scratch), progress or Progress()
        ) as crew,
    ):
        gathered = _gathered(plan, asked, crew)
        rows = crew.run("bench", _job(plan, looks, gathered), gathered.rows)
    return _report(plan, asked, looks, gathered, rows)


def _wanted(plan: Plan) -> set[str]:
    """Columns of the filters, of every aligner, of the judges and of the offset."""
    scores = {column for step in plan.aligners.values() for column in step.columns()}
    judges = {defect_named(name).judge.column for name in defects()}
    return verdict.wanted(plan) | scores | judges | set(OFFSET)


def _gathered(plan: Plan, asked: Asked, crew: Workers) -> Gathered:
    if asked.clips is None:
        return gather.rendered(asked.seed, RENDERED if asked.count is None else asked.count)
    cut = plan.recipe.cut
    return gather.real(asked.clips, cut, crew.folder, asked.seed, asked.count, crew.run)


def _job(plan: Plan, looks: Backends, gathered: Gathered) -> dict[str, Any]:
    return {
        "is": "acav1m.bench.trials:Trials",
        "options": {
            "backends": {name: [look.spec() for look in some] for name, some in looks.items()},
            "min_confidence": plan.recipe.realign.min_confidence,
            "recordings": gathered.recordings,
            "twins": gathered.twins,
        },
    }


def _report(
    plan: Plan, asked: Asked, looks: Backends, gathered: Gathered, rows: Sequence[Row]
) -> Report:
    lost = [(row["key"], row["lost"]) for row in rows if "lost" in row]
    tried = [row for row in rows if "columns" in row]
    skipped = [row for row in rows if "left_out" in row]
    trials = {name: results.trials(plan, some, name, tried) for name, some in looks.items()}
    found = {
        name: results.figures_of(plan, some, trials[name], skipped) for name, some in looks.items()
    }
    told: dict[str, Any] = {
        "recipe": f"{plan.recipe.name} {plan.recipe.version}",
        "seed": asked.seed,
        "source": "rendered" if asked.clips is None else "recorded",
        "clips": len(gathered.rows) - len(lost),
        "refused": [{"clip": n, "reason": r} for n, r in [*gathered.refused, *lost]],
        "min_confidence": plan.recipe.realign.min_confidence,
        "defects": next(iter(found.values()))["defects"],
        "backends": found,
    }
    raw = {name: looking.raw(some) for name, some in looks.items()}
    return Report(told, results.timing(tried), gathered, trials, raw)
