"""Run the stages of a plan in order, on an engine; what is found out is kept and not redone."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from acav1m import downloads, editing, listing, realign, repeats
from acav1m.calibration.apply import apply
from acav1m.calibration.report import NOTHING_CALIBRATED
from acav1m.calibration.stage import Calibrating
from acav1m.consent import refused
from acav1m.consent.consent import Consent
from acav1m.consent.outs import Outs
from acav1m.edits import attempts
from acav1m.failures import check_retry, tried_again
from acav1m.found import Found
from acav1m.mending import Edits, Mended, Moves
from acav1m.runner import Runner
from acav1m.select import select
from acav1m.store import write_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from acav1m.calibration.report import Report as Calibrated
    from acav1m.clips import Clips
    from acav1m.engines import Row
    from acav1m.how import How
    from acav1m.plan import Plan
    from acav1m.progress import Progress
    from acav1m.report import Report
    from acav1m.work import Work


class Running:
    """The stages of one build under way, up to the ledger."""

    def __init__(
        self, plan: Plan, work: Work, how: How, report: Report, progress: Progress
    ) -> None:
        self.plan, self.work, self.how = plan, work, how
        self.report = report
        self.found = Found(plan, work, how.retry)
        self.consent = Consent(plan.recipe, work)
        self.calibration = NOTHING_CALIBRATED
        self.runner = Runner(work, how, progress)
        self.event = work.event
        self.moves = Moves(self.found)
        self.edits: Edits | None = None
        self._asked: pa.Table | None = None

    def ledger(self, limit: int | None) -> pa.Table:
        """Run the stages up to the ledger: every candidate, in exactly one state."""
        with self.runner.working():
            found = self._scored(limit)
            if realign.asking(self.plan):
                with self.timed("realign"):
                    found = self._realigned(found)
            if self.plan.steps["editors"]:
                with self.timed("edit"):
                    found = self._edited(found)
        with self.timed("select"):
            found = repeats.told(self._consented(found), self.work.listing)
            private = [*self.plan.metadata_columns(), "license", "license_text", "uploader_hash"]
            ledger = select(refused.blanked(found, private), self.plan)
            _check_complete(ledger, self.report.candidates)
            write_parquet(self.work.ledger, ledger)
        self.report.count(ledger)
        self.report.decoded = len(self.runner.decoded)
        # Who opted out tells of no fault that would have to stop a build.
        faults = self.report.failed - self.report.failed_by.get(refused.KIND, 0)
        self.runner.check_failures(faults, self.report.seen)
        return ledger

    def calibrated(self, limit: int | None) -> Calibrated:
        """Run the stages up to the maps, and no further."""
        with self.runner.working():
            self._scored(limit)
        return self.calibration

    def _scored(self, limit: int | None) -> pa.Table:
        """Every clip with every column, as it was cut."""
        check_retry(self.how.retry, self.found.stores)
        with self.timed("source"):
            spill, progress = self.work.scratch, self.runner.progress
            self.consent.read()
            listed = listing.write(
                self.plan, self.work.listing, limit, spill, progress, self.consent
            )
            progress.say(listed.text())
            self.report.candidates, self.report.repeats = listed.candidates, listed.repeats
            self._leave_out()
        with self.timed("download"):
            self._download()
        clips = self.found.cut()
        with self.timed("analyse"):
            self._analyse(clips)
        raw = self.found.table(clips)
        if any(step.calibrated for step in self.plan.aligners.values()):
            with self.timed("calibrate"):
                self._calibrate(clips, raw)
        return self._complete(raw)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Time a stage and log it."""
        began = time.monotonic()
        yield
        self.report.stage_seconds[stage] = round(time.monotonic() - began, 3)
        self.event("stage", stage=stage, seconds=self.report.stage_seconds[stage])

    def _download(self) -> None:
        todo = downloads.todo(self.found)
        job: dict[str, Any] = {
            "is": "acav1m.stages.download:Download",
            "options": {
                "sources": _options(self.plan.sources),
                "cut": self.plan.recipe.cut.model_dump(mode="json"),
                "store": str(self.found.clips.folder),
                "scratch": str(self.work.scratch),
            },
        }
        if self.plan.is_remote:
            job["options"]["network"] = self._network()
        remote, again = self.plan.is_remote, tried_again(self.how.retry)
        self.runner.run("download", job, todo, waits=remote, together=_video, again=again)

    def _leave_out(self, *tables: pa.Table) -> None:
        """Take out what opt-out lists name, also of these tables of clips; delete its media."""
        self.found.outs = Outs()
        if self.consent.book is not None:
            self.found.outs = self.consent.outs(*tables)
            self.consent.purge(self.found.outs)

    def _consented(self, found: pa.Table) -> pa.Table:
        """The clips, by opt-out lists as they are now: a build may take weeks."""
        self.consent.read()
        self._leave_out(found)
        if not self.found.outs:
            return found
        left_out = self._complete(self.found.table(self.found.left_out()))
        return refused.replaced(found, left_out, self.found.outs)

    def _network(self) -> dict[str, Any]:
        """How the network is asked; hosts that stopped the last build are tried again, once."""
        from acav1m.net.gate import Gate

        gate = Gate(self.work.gate)
        gate.reopen()
        gate.close()
        options = self.plan.recipe.network.model_dump(mode="json")
        consent = str(self.consent.uploaders.folder)
        return {"gate": str(self.work.gate), "options": options, "consent": consent}

    def _analyse(self, clips: Clips) -> None:
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
            self.runner.run("analyse", job, (count, rows))

    def _calibrate(self, clips: Clips, raw: pa.Table) -> None:
        """Score pairs of the clips, and fit maps to the scores."""
        under_way = Calibrating(self.plan, self.work, clips, raw, self.how.retry)
        while (todo := under_way.to_look())[0]:
            self.runner.run("look", under_way.looking(), todo)
        self.runner.run("calibrate", under_way.scoring(), under_way.to_score())
        self.calibration = under_way.report()
        self.calibration.write(self.work.folder / "calibration")
        self.report.calibrated = self.calibration.told()

    def _complete(self, raw: pa.Table) -> pa.Table:
        """The table with the calibrated columns, and those of the stages that mend sound."""
        aligners, maps = self.plan.aligners.values(), self.calibration.maps()
        return realign.untouched(apply(raw, aligners, maps))

    def _realigned(self, found: pa.Table) -> pa.Table:
        """The clips, with the sound moved in those that are better for it."""
        wanted = realign.wanted(found, self.plan)
        self.runner.run("realign", self.moves.job(), self.moves.todo(wanted))
        moved = self.moves.clips(wanted)
        self._analyse(moved)
        return realign.settled(found, self._complete(self.found.table(moved)), self.plan)

    def _edited(self, found: pa.Table) -> pa.Table:
        """The clips, with the sound of those edited that the editor made better."""
        edits = self.edits = Edits(self.found, self.calibration.maps())
        asked = self._asked = edits.wanted(found)
        self.runner.run("edit", edits.job(), edits.todo(asked, self.mended.stem))
        edited = edits.clips(asked)
        self._analyse(edited)
        looked_at = self._complete(self.found.table(edited))
        return editing.settled(found, asked, edits.rows(asked), looked_at)

    @property
    def mended(self) -> Mended:
        """Where the clips of the ledger lie."""
        return Mended(self.found, self.moves, self.edits)

    def attempts(self, ledger: pa.Table) -> pa.Table | None:
        """Every attempt at an edit; None where the recipe has no editor."""
        if self.edits is None or self._asked is None:
            return None
        return attempts(ledger, self._asked, self.edits.rows(self._asked))


def _video(row: Row) -> tuple[str, str]:
    """What rows of one download have in common."""
    return row["source"], row["candidate"]["uri"]


def _options(steps: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: step.model_dump(mode="json") for name, step in steps.items()}


def _check_complete(ledger: pa.Table, candidates: int) -> None:
    """Every candidate must have come out somewhere."""
    import pyarrow.compute as pc

    through = pc.count_distinct(ledger["candidate"]).as_py()
    if through != candidates:
        raise AssertionError(f"{candidates} candidates went in, {through} came out")
