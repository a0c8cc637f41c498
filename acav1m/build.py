"""Build a release from a plan, stage by stage; continue where a killed build stopped."""

from __future__ import annotations

import math
import os
import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acav1m import listing
from acav1m.engines import Limits, Row
from acav1m.engines.local import LocalEngine
from acav1m.errors import AcavError
from acav1m.found import OWN, Found
from acav1m.lock import lock
from acav1m.place import Place
from acav1m.progress import Progress
from acav1m.release import write
from acav1m.report import Report
from acav1m.select import select
from acav1m.store import write_parquet
from acav1m.work import Work

if TYPE_CHECKING:
    import pyarrow as pa

    from acav1m.engines import Engine
    from acav1m.plan import Plan

PART_ROWS = 32
"""Rows of a part at most: minutes of work, so a lost part costs little."""

FEW = 20
"""Rows before `max_failed` may stop a build: one bad file of two is no pattern."""


@dataclass(frozen=True)
class How:
    """How to build, as opposed to what: none of it changes the release."""

    work: Path | None = None
    workers: int | None = None
    max_failed: float | None = None
    retry: str | None = None
    """Failures of earlier runs to try again: `transient`, `all`, or a kind such as `timeout`."""

    limits: Limits = field(default_factory=Limits)


def build(
    plan: Plan,
    out: Path,
    how: How = How(),
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
    _refuse_to_feed_on_itself(plan, place.folder, work_folder)
    report = Report(plan.recipe.name, plan.recipe.version, place.folder)
    with place, Work(work_folder) as work:
        running = _Running(plan, work, how, report, progress or Progress())
        running.event("build", out=str(place.folder), overrides=list(overrides), limit=limit)
        ledger = running.ledger(limit)
        with running.timed("release"):
            locked = lock(plan, overrides, limit)
            _release(ledger, plan, running.found, place, locked)
        work.sweep()
        report.seconds = round(time.monotonic() - began, 3)
        running.event("built", report=report.json())
    return report


class _Running:
    """One build under way."""

    def __init__(
        self, plan: Plan, work: Work, how: How, report: Report, progress: Progress
    ) -> None:
        self.plan, self.work, self.how = plan, work, how
        self.report, self.progress = report, progress
        self.found = Found(plan, work, how.retry)
        self.event = work.event
        self._counting = threading.Lock()
        self._decoded: set[str] = set()
        self._rows = self._failed = 0

    def ledger(self, limit: int | None) -> pa.Table:
        """Run the stages up to the ledger: every candidate, in exactly one state."""
        with self.timed("source"):
            self.report.candidates = listing.write(self.plan, self.work.listing, limit)
        workers = self.how.workers or os.cpu_count() or 1
        engine = LocalEngine(workers, self.how.limits, self.work.scratch)
        try:
            with self.timed("download"):
                self._download(engine, workers)
            with self.timed("analyse"):
                self._analyse(engine, workers)
        finally:
            engine.close()
        with self.timed("select"):
            ledger = select(self.found.table(), self.plan)
            _check_complete(ledger, self.report.candidates)
            write_parquet(self.work.ledger, ledger)
        self.report.count(ledger)
        self.report.decoded = len(self._decoded)
        self._check_failures(self.report.failed, self.report.seen)
        return ledger

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Time a stage and log it."""
        began = time.monotonic()
        yield
        self.report.stage_seconds[stage] = round(time.monotonic() - began, 3)
        self.event("stage", stage=stage, seconds=self.report.stage_seconds[stage])

    def _download(self, engine: Engine, workers: int) -> None:
        count, rows = self.found.to_download()
        job = {
            "is": "acav1m.stages.download:Download",
            "options": {
                "sources": _options(self.plan.sources),
                "cut": self.plan.recipe.cut.model_dump(mode="json"),
                "store": str(self.found.clips.folder),
                "scratch": str(self.work.scratch),
            },
        }
        self._run(engine, "download", job, rows, count, workers)

    def _analyse(self, engine: Engine, workers: int) -> None:
        for labels, count, rows in self.found.to_analyse():
            options = _options({label: self.plan.lookers[label] for label in labels})
            job = {
                "is": "acav1m.stages.analyse:Analyse",
                "options": {
                    "looking": [
                        {
                            "label": label,
                            "options": options[label],
                            "store": str(self.found.columns[label].folder),
                        }
                        for label in labels
                    ]
                },
            }
            self._run(engine, "analyse", job, rows, count, workers)

    def _run(
        self,
        engine: Engine,
        stage: str,
        job: Mapping[str, Any],
        rows: Iterator[Row],
        count: int,
        workers: int,
    ) -> None:
        if not count:
            return
        size = max(1, min(PART_ROWS, math.ceil(count / (4 * workers))))
        self._rows = self._failed = 0
        with self.progress.stage(stage, count):
            for part in engine.run(self.work.parts(job, rows, size), self._on_row):
                self.work.finished(part)
                if self._rows >= FEW:
                    self._check_failures(self._failed, self._rows)

    def _on_row(self, results: list[Row]) -> None:
        with self._counting:
            for row in results:
                self._rows += 1
                self._failed += _has_failed(row)
                if row.get("decoded") or row.get("mp4_sha256"):
                    self._decoded.add(row["key"])
            self.progress.row(sum(map(_has_failed, results)))

    def _check_failures(self, failed: int, rows: int) -> None:
        allowed = self.how.max_failed
        if allowed is not None and failed > allowed * rows:
            raise AcavError(
                f"{failed} of {rows} clips failed, more than --max-failed {allowed:g} allows; "
                "nothing is lost: mend the cause and run the same command with --retry all"
            )


def _has_failed(row: Row) -> bool:
    """Whether a result row of either stage holds an error."""
    return any(columns.get("error_kind") for columns in (row, *row.get("found", {}).values()))


def _options(steps: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: step.model_dump(mode="json") for name, step in steps.items()}


def _check_complete(ledger: pa.Table, candidates: int) -> None:
    """Every candidate must have come out somewhere."""
    import pyarrow.compute as pc

    through = pc.count_distinct(ledger["candidate"]).as_py()
    if through != candidates:
        raise AssertionError(f"{candidates} candidates went in, {through} came out")


def _release(
    ledger: pa.Table, plan: Plan, found: Found, place: Place, locked: dict[str, Any]
) -> None:
    """Write the release beside its place, then swap it in."""
    _check_room(place.building, ledger)
    root = found.clips.folder / "media"
    released = ledger.filter(ledger["split"].is_valid()).select(["clip_id", "media"]).to_pylist()
    content = write.Content(
        ledger=ledger.drop_columns(list(OWN)),
        media={row["clip_id"]: root / row["media"] for row in released},
        recipe=plan.recipe,
        lock=locked,
    )
    previous = place.folder if place.folder.exists() else None
    write.write(content, place.building, previous)
    place.swap()


def _refuse_to_feed_on_itself(plan: Plan, *folders: Path) -> None:
    """A source that holds our own folders would offer our clips as new videos."""
    for name, source in plan.sources.items():
        root = source.root()
        for folder in folders:
            if root is not None and folder.resolve().is_relative_to(root.resolve()):
                raise AcavError(
                    f"sources.{name} would read {folder}, which this build writes; "
                    "choose --out and --work outside of the source"
                )


def _check_room(folder: Path, ledger: pa.Table) -> None:
    import pyarrow.compute as pc

    released = ledger.filter(ledger["split"].is_valid())
    needed = sum(pc.sum(released[c]).as_py() or 0 for c in ("mp4_bytes", "flac_bytes"))
    free = shutil.disk_usage(folder).free
    if needed * 1.05 > free:
        raise AcavError(
            f"{folder.parent}: the release needs {needed / 1e6:.0f} MB, {free / 1e6:.0f} MB are "
            "free; free some space and run the same command again"
        )
