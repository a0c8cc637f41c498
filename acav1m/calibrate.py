"""Calibrate a recipe's scores on its own clips, and build nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from acav1m.calibration.report import JSON, MARKDOWN, counted
from acav1m.errors import AcavError, RecipeError
from acav1m.how import AS_USUAL, How
from acav1m.place import refuse_to_feed_on_itself
from acav1m.progress import Progress
from acav1m.report import Report
from acav1m.running import Running
from acav1m.work import Work

if TYPE_CHECKING:
    from acav1m.calibration.report import Report as Calibrated
    from acav1m.plan import Plan


def calibrate(
    plan: Plan,
    out: Path | None = None,
    how: How = AS_USUAL,
    *,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Calibrated:
    """Run the stages up to the maps, and write what they rest on to `out`.

    The work folder is that of a build: `how.work`, else `OUT.work`, else `NAME.work` in the
    current folder, where the report is in `calibration` if there is no `out`.

    Raises:
        RecipeError: The recipe names no aligner.
        AcavError: No clip can be used, or the user must act.
    """
    if not any(step.calibrated for step in plan.aligners.values()):
        raise RecipeError(["aligners: none is named, so there is no score to calibrate"])
    name = out.name if out else plan.recipe.name
    folder = how.work or (out.with_name(f"{name}.work") if out else Path(f"{name}.work"))
    _refuse_other_content(out, plan)
    refuse_to_feed_on_itself(plan, *filter(None, (out, folder)))
    report = Report(plan.recipe.name, plan.recipe.version, out or folder)
    with Work(folder) as work:
        running = Running(plan, work, how, report, progress or Progress())
        running.event("calibrate", limit=limit)
        found = running.calibrated(limit)
        work.sweep()
    if not found.clips and found.settings.use == "auto":
        raise AcavError(f"no clip can be used to calibrate: {counted(found.left_out)}")
    if out:
        found.write(out)
    return found


def _refuse_other_content(out: Path | None, plan: Plan) -> None:
    """Refuse a folder that holds more than a calibration writes, whole or killed half-way."""
    if out is None or not out.exists():
        return
    if not out.is_dir():
        raise AcavError(f"--out {out}: is a file; name a folder")
    columns = {c for step in plan.aligners.values() for c in step.calibrated} | _drawn(out / JSON)
    pictures = {f"{column}.{kind}" for column in columns for kind in ("png", "svg")}
    foreign = {path.name for path in out.iterdir()} - {JSON, MARKDOWN} - pictures
    if foreign:
        raise AcavError(
            f"--out {out}: holds {min(foreign)}, which is no calibration; choose another"
        )


def _drawn(earlier: Path) -> set[str]:
    """Columns of an earlier calibration; none where it is not whole."""
    try:
        return set(json.loads(earlier.read_text(encoding="utf-8"))["columns"])
    except (OSError, ValueError, TypeError, KeyError):
        return set()
