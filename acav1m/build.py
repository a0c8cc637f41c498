"""Build a release from a plan, stage by stage; continue where a killed build stopped."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acav1m.errors import AcavError
from acav1m.found import OWN
from acav1m.how import AS_USUAL, How
from acav1m.lock import lock
from acav1m.place import Place, refuse_to_feed_on_itself
from acav1m.progress import Progress
from acav1m.release import write
from acav1m.report import Report
from acav1m.running import Running
from acav1m.work import Work

if TYPE_CHECKING:
    import pyarrow as pa

    from acav1m.plan import Plan


def build(
    plan: Plan,
    out: Path,
    how: How = AS_USUAL,
    *,
    limit: int | None = None,
    overrides: Sequence[str] = (),
    progress: Progress | None = None,
) -> Report:
    """Run a plan and put its release at `out`, all or nothing.

    Raises:
        AcavError: The user must act; nothing half-written is at `out`.
    """
    began = time.monotonic()
    place = Place(out, plan.recipe)
    work_folder = how.work or place.folder.with_name(f"{place.folder.name}.work")
    refuse_to_feed_on_itself(plan, place.folder, work_folder)
    report = Report(plan.recipe.name, plan.recipe.version, place.folder)
    with place, Work(work_folder) as work:
        running = Running(plan, work, how, report, progress or Progress())
        running.event("build", out=str(place.folder), overrides=list(overrides), limit=limit)
        ledger = running.ledger(limit)
        with running.timed("release"):
            locked = lock(plan, overrides, limit, running.consent.told())
            _release(ledger, running, place, locked)
        work.sweep()
        report.seconds = round(time.monotonic() - began, 3)
        running.event("built", report=report.json())
    return report


def _release(ledger: pa.Table, running: Running, place: Place, locked: dict[str, Any]) -> None:
    """Write the release beside its place, then swap it in."""
    _check_room(place.building, ledger)
    released = ledger.filter(ledger["split"].is_valid())
    told = ["clip_id", "media", "audio_shift_s", "edit_result"]
    lying, mended = released.select(told).to_pylist(), running.mended
    originals = running.plan.recipe.release.originals
    content = write.Content(
        ledger=ledger.drop_columns(list(OWN)),
        media={row["clip_id"]: mended.stem(row) for row in lying},
        recipe=running.plan.recipe,
        lock=locked,
        calibration=running.calibration.json() if running.calibration.outcomes else None,
        edits=running.attempts(ledger),
        originals=mended.originals(lying) if originals else {},
    )
    previous = place.folder if place.folder.exists() else None
    write.write(content, place.building, previous)
    place.swap()


def _check_room(folder: Path, ledger: pa.Table) -> None:
    import pyarrow.compute as pc

    released = ledger.filter(ledger["split"].is_valid())
    needed = sum(
        pc.sum(released[c]).as_py() or 0 for c in ("mp4_bytes", "flac_bytes", "orig_flac_bytes")
    )
    free = shutil.disk_usage(folder).free
    if needed * 1.05 > free:
        raise AcavError(
            f"{folder.parent}: the release needs {needed / 1e6:.0f} MB, {free / 1e6:.0f} MB are "
            "free; free some space and run the same command again"
        )
