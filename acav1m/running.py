"""Run the stages of a plan in order, on an engine; what is found out is kept and not redone."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from acav1m import listing, realign
from acav1m.calibration.apply import apply
from acav1m.calibration.report import NOTHING_CALIBRATED
from acav1m.calibration.stage import Calibrating
from acav1m.engines import Row
from acav1m.engines.local import LocalEngine
from acav1m.errors import AcavError
from acav1m.found import Found
from acav1m.select import select
from acav1m.store import write_parquet

if TYPE_CHECKING:
    import pyarrow as pa

    from acav1m.calibration.report import Report as Calibrated
    from acav1m.clips import Clips
    from acav1m.engines import Engine
    from acav1m.how import How
    from acav1m.plan import Plan
    from acav1m.progress import Progress
    from acav1m.report import Report
    from acav1m.work import Work

PART_ROWS = 32
"""Rows of a part at most: minutes of work, so a lost part costs little."""

FEW = 20
"""Rows before `max_failed` may stop a build: one bad file of two is no pattern."""


class Running:
    """The stages of one build under way, up to the ledger."""

    def __init__(
        self, plan: Plan, work: Work, how: How, report: Report, progress: Progress
    ) -> None:
        self.plan, self.work, self.how = plan, work, how
        self.report, self.progress = report, progress
        self.found = Found(plan, work, how.retry)
        self.calibration = NOTHING_CALIBRATED
        self.workers = how.workers or os.cpu_count() or 1
        self.event = work.event
        self._counting = threading.Lock()
        self._decoded: set[str] = set()
        self._rows = self._failed = 0

    def ledger(self, limit: int | None) -> pa.Table:
        """Run the stages up to the ledger: every candidate, in exactly one state."""
        with self._working() as engine:
            found = self._scored(engine, limit)
            if realign.asking(self.plan):
                with self.timed("realign"):
                    found = self._realigned(engine, found)
        with self.timed("select"):
            ledger = select(found, self.plan)
            _check_complete(ledger, self.report.candidates)
            write_parquet(self.work.ledger, ledger)
        self.report.count(ledger)
        self.report.decoded = len(self._decoded)
        self._check_failures(self.report.failed, self.report.seen)
        return ledger

    def calibrated(self, limit: int | None) -> Calibrated:
        """Run the stages up to the maps, and no further."""
        with self._working() as engine:
            self._scored(engine, limit)
        return self.calibration

    @contextmanager
    def _working(self) -> Iterator[Engine]:
        engine = LocalEngine(self.workers, self.how.limits, self.work.scratch)
        try:
            yield engine
        finally:
            engine.close()

    def _scored(self, engine: Engine, limit: int | None) -> pa.Table:
        """Every clip with every column, as it was cut."""
        with self.timed("source"):
            self.report.candidates = listing.write(self.plan, self.work.listing, limit)
        with self.timed("download"):
            self._download(engine)
        clips = self.found.cut()
        with self.timed("analyse"):
            self._analyse(engine, clips)
        raw = self.found.table(clips)
        if any(step.calibrated for step in self.plan.aligners.values()):
            with self.timed("calibrate"):
                self._calibrate(engine, clips, raw)
        return self._complete(raw)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Time a stage and log it."""
        began = time.monotonic()
        yield
        self.report.stage_seconds[stage] = round(time.monotonic() - began, 3)
        self.event("stage", stage=stage, seconds=self.report.stage_seconds[stage])

    def _download(self, engine: Engine) -> None:
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
        self._run(engine, "download", job, rows, count)

    def _analyse(self, engine: Engine, clips: Clips) -> None:
        for labels, count, rows in self.found.to_analyse(clips):
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
            self._run(engine, "analyse", job, rows, count)

    def _calibrate(self, engine: Engine, clips: Clips, raw: pa.Table) -> None:
        """Score pairs of the clips, and fit maps to the scores."""
        under_way = Calibrating(self.plan, self.work, clips, raw, self.how.retry)
        while (todo := under_way.to_look())[0]:
            self._run(engine, "look", under_way.looking(), todo[1], todo[0])
        count, rows = under_way.to_score()
        self._run(engine, "calibrate", under_way.scoring(), rows, count)
        self.calibration = under_way.report()
        self.calibration.write(self.work.folder / "calibration")
        self.report.calibrated = self.calibration.told()

    def _complete(self, raw: pa.Table) -> pa.Table:
        """The table with the calibrated columns, and those of the realign stage."""
        aligners, maps = self.plan.aligners.values(), self.calibration.maps()
        return realign.untouched(apply(raw, aligners, maps))

    def _realigned(self, engine: Engine, found: pa.Table) -> pa.Table:
        """The clips, with the sound moved in those that are better for it."""
        wanted = realign.wanted(found, self.plan)
        count, rows = self.found.to_realign(wanted)
        job = {
            "is": "acav1m.stages.realign:Realign",
            "options": {
                "cut": self.plan.recipe.cut.model_dump(mode="json"),
                "store": str(self.found.moves.folder),
            },
        }
        self._run(engine, "realign", job, rows, count)
        moved = self.found.moved(wanted)
        self._analyse(engine, moved)
        return realign.settled(found, self._complete(self.found.table(moved)), self.plan)

    def _run(
        self,
        engine: Engine,
        stage: str,
        job: Mapping[str, Any],
        rows: Iterator[Row],
        count: int,
    ) -> None:
        if not count:
            return
        size = max(1, min(PART_ROWS, math.ceil(count / (4 * self.workers))))
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
    """Whether a result row of any stage holds an error, of a step or of a pair."""
    inside = (*row.get("found", {}).values(), *row.get("scored", ()))
    return any(columns.get("error_kind") for columns in (row, *inside))


def _options(steps: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: step.model_dump(mode="json") for name, step in steps.items()}


def _check_complete(ledger: pa.Table, candidates: int) -> None:
    """Every candidate must have come out somewhere."""
    import pyarrow.compute as pc

    through = pc.count_distinct(ledger["candidate"]).as_py()
    if through != candidates:
        raise AssertionError(f"{candidates} candidates went in, {through} came out")
