"""Plant faults in clips, let a planner and chance act on them, and report what is mended."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import yaml

from acav1m.agent import faults
from acav1m.agent.named import planner_of
from acav1m.agent.settings import Settings
from acav1m.bench import gather
from acav1m.bench.agent import figures, judge
from acav1m.bench.agent.judge import Judge
from acav1m.bench.agent.mixes import mixes
from acav1m.bench.trials import CLEAN
from acav1m.bench.work import Workers
from acav1m.editors.avagent import Avagent
from acav1m.errors import AcavError
from acav1m.progress import Progress
from acav1m.recipe import Cut

if TYPE_CHECKING:
    from acav1m.agent.planner import Planner
    from acav1m.bench.agent.scorers import Model
    from acav1m.bench.gather import Gathered
    from acav1m.engines import Row

RENDERED = 48
"""Clips that are rendered unless told otherwise: every event three times."""

TARGET_LUFS = -23.0
"""What clean clips are brought to, and what the loop is told to want (EBU R 128)."""


@dataclass(frozen=True)
class Asked:
    """What a benchmark is run on: all that decides its figures."""

    planner: Planner
    seed: int = 0
    count: int | None = None
    clips: str | None = None
    """A folder, glob or list of videos; rendered clips where there is none."""

    model: Model = "embedded"
    """What reflection asks for timing; the other model judges what comes of it."""

    grades: tuple[str, ...] = field(default_factory=lambda: tuple(faults.grades()))
    settings: Settings = field(default_factory=lambda: Settings(target_lufs=TARGET_LUFS))


@dataclass(frozen=True)
class Report:
    """What came out."""

    asked: Asked
    figures: Mapping[str, Any]
    """The same for the same seed."""

    timing: Mapping[str, Any]
    """CPU seconds, never quite the same."""

    gathered: Gathered
    rows: Sequence[Row]
    """A row for each trial."""


def planner_named(told: str) -> Planner:
    """The planner of a name, or of one name and its options in YAML, as a recipe has it.

    Raises:
        AcavError: There is none such, or not with these options.
    """
    try:
        return planner_of(yaml.safe_load(told))
    except (TypeError, yaml.YAMLError):
        raise AcavError(f"--planner {told}: neither a name nor one with options in YAML") from None
    except ValueError as error:
        raise AcavError(f"--planner {told}: {error}") from None


def agent(
    asked: Asked,
    folder: Path | None = None,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Run the benchmark; clips that are cut for it lie in `folder`, or nowhere afterwards.

    Raises:
        AcavError: There are too few clips, no such folder, or the planner cannot be had.
    """
    asked.planner.setup()
    with (
        TemporaryDirectory(prefix="acav1m-bench-") as scratch,
        Workers(
            workers or os.cpu_count() or 1, folder or Path(scratch), progress or Progress()
        ) as crew,
    ):
        gathered = _gathered(asked, crew)
        rows = crew.run("bench", _job(asked, gathered), gathered.rows)
    return _report(asked, gathered, rows)


def _gathered(asked: Asked, crew: Workers) -> Gathered:
    if asked.clips is None:
        return gather.rendered(asked.seed, RENDERED if asked.count is None else asked.count)
    return gather.real(asked.clips, Cut(), crew.folder, asked.seed, asked.count, crew.run)


def _job(asked: Asked, gathered: Gathered) -> dict[str, Any]:
    [(name, options)] = _named(asked.planner).items()
    return {
        "is": "acav1m.bench.agent.trials:Trials",
        "options": {
            "planner": {"name": name, "options": options},
            "model": asked.model,
            "settings": asked.settings.model_dump(mode="json"),
            "judge": Judge.fitted(asked.seed, judge.TAKES).spec(),
            "grades": list(asked.grades),
            "recordings": gathered.recordings,
            "twins": gathered.twins,
        },
    }


def _named(planner: Planner) -> dict[str, dict[str, Any]]:
    return {planner.name(): planner.model_dump(mode="json")}


def _report(asked: Asked, gathered: Gathered, rows: Sequence[Row]) -> Report:
    lost = [(row["key"], row["lost"]) for row in rows if "lost" in row]
    tried = [row for row in rows if "policies" in row]
    clean = [row for row in tried if row["grade"] == CLEAN]
    if not clean:
        raise AcavError(f"no clip could be tried; {lost[0][0]}: {lost[0][1]}")
    damaged = [row for row in tried if row["grade"] != CLEAN]
    in_order = sorted(damaged, key=lambda row: asked.grades.index(row["grade"]))
    found = {
        "planner": Avagent(planner=_named(asked.planner)).published()["planner"],
        "seed": asked.seed,
        "source": "rendered" if asked.clips is None else "recorded",
        "clips": len(gathered.rows) - len(lost),
        "model": asked.model,
        "settings": asked.settings.model_dump(mode="json"),
        "refused": [{"clip": n, "reason": r} for n, r in [*gathered.refused, *lost]],
        "left_out": _left_out(rows),
        "grades": figures.faults(in_order, "grade"),
        "kinds": figures.faults(in_order, "kind"),
        "harm": figures.harm(clean),
        "mixes": mixes(damaged),
    }
    return Report(asked, found, figures.timing(damaged, clean), gathered, tried)


def _left_out(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """By grade, how many clips could not be damaged so, and why the first could not."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if "left_out" in row:
            found.setdefault(row["grade"], []).append(row["left_out"])
    return {
        grade: {"clips": len(reasons), "reason": reasons[0]} for grade, reasons in found.items()
    }
