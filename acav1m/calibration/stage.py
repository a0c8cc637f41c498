"""The calibrate stage as the build sees it: what is still to look at, to score, and to conclude."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m.calibration import sample
from acav1m.calibration.asking import Asked, Asker
from acav1m.calibration.fit import Pairs
from acav1m.calibration.outcome import Failed, Outcome, Question, conclude
from acav1m.calibration.pairs import Drawn
from acav1m.calibration.report import Report
from acav1m.plan import digest
from acav1m.stages import calibrate, look
from acav1m.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

    from acav1m.calibration.sample import Sample
    from acav1m.clips import Clips
    from acav1m.engines import Row
    from acav1m.plan import Plan
    from acav1m.work import Work

Retry = str | None


class Calibrating:
    """One recipe's calibration under way; pairs follow from the clips' ids alone."""

    def __init__(
        self, plan: Plan, work: Work, clips: Clips, table: pa.Table, retry: Retry = None
    ) -> None:
        self.aligners = {k: step for k, step in plan.aligners.items() if step.calibrated}
        self.settings = plan.recipe.calibration
        self.clips, self.table, self.retry = clips, table, retry
        seen = work.store("look", digest([look.VERSION, plan.key("download")]))
        self.looks = Store(seen, look.SCHEMA)
        self._asked_to_look: set[str] = set()
        self.scores = {
            label: Store(
                work.store(f"calibrate.{label}", digest([calibrate.VERSION, plan.key(label)])),
                calibrate.schema(step.adds),
            )
            for label, step in self.aligners.items()
        }

    def to_look(self) -> tuple[int, Iterator[Row]]:
        """Clips that nobody looked at yet: how many, and their rows.

        To be asked again when they are looked at, until there are none: more are wanted where
        some turned out to be copies.
        """
        done = self._done(self.looks) | self._asked_to_look
        looks = {key: look for key, look in self._looked().items() if key in done}
        wanted = sample.to_look(self.drawn, looks, clips=self.settings.clips)
        todo = [clip for clip in wanted if clip["key"] not in done]
        self._asked_to_look |= {clip["key"] for clip in todo}
        rows = [{"key": clip["key"], "stem": str(self.clips.stem(dict(clip)))} for clip in todo]
        return len(rows), iter(sorted(rows, key=lambda row: row["key"]))

    def to_score(self) -> tuple[int, Iterator[Row]]:
        """Clips with pairs that nobody scored yet: how many, and their rows."""
        done = {label: self._done(store) for label, store in self.scores.items()}
        rows: dict[str, Row] = {}
        for pair in self.asked:
            if pair.key in done[pair.label]:
                continue
            clip = pair.clip["key"]
            row = rows.setdefault(
                clip, {"key": clip, "stem": str(self.clips.stem(dict(pair.clip))), "pairs": []}
            )
            told = {"sound": pair.sound, "columns": dict(pair.columns)}
            row["pairs"].append({"label": pair.label, "key": pair.key, **told})
        return len(rows), iter(sorted(rows.values(), key=lambda row: str(row["key"])))

    def looking(self) -> Row:
        """The job of the look stage."""
        return {"is": "acav1m.stages.look:Look", "options": {"store": str(self.looks.folder)}}

    def scoring(self) -> Row:
        """The job of the calibrate stage."""
        aligners = {
            label: {
                "options": step.model_dump(mode="json"),
                "store": str(self.scores[label].folder),
            }
            for label, step in self.aligners.items()
        }
        return {"is": "acav1m.stages.calibrate:Calibrate", "options": {"aligners": aligners}}

    def report(self) -> Report:
        """What is concluded from the scores."""
        outcomes = [self._conclude(question) for question in self._questions()]
        return Report(self.settings, len(self.used.clips), dict(self.used.left_out), outcomes)

    @cached_property
    def drawn(self) -> Sample:
        """Clips that have something to score, copies among them; none where the prior is asked."""
        raw = [c for step in self.aligners.values() for c in step.calibrated.values()]
        reads = [c for step in self.aligners.values() for c in step.needs()]
        clips = self.settings.clips * sample.SPARE if self.settings.use == "auto" else 0
        return sample.draw(self.table, raw, reads, clips=clips, seed=self.settings.seed)

    @cached_property
    def used(self) -> Sample:
        """The same without copies; asked for once all are looked at."""
        return sample.without_copies(self.drawn, self._looked(), clips=self.settings.clips)

    @cached_property
    def asked(self) -> list[Asked]:
        """All pairs, aligner by aligner."""
        clips = self.used.clips
        near = sample.neighbours(self.table, clips)
        drawn = Drawn(self.settings.seed)
        asker = Asker(clips, near, self.clips.media, drawn, self.settings.mismatches)
        return [pair for label, step in self.aligners.items() for pair in asker.ask(label, step)]

    @cached_property
    def _scored(self) -> dict[str, dict[str, Row]]:
        return {
            label: {row["key"]: row for row in store.read().to_pylist()}
            for label, store in self.scores.items()
        }

    def _looked(self) -> dict[str, Row]:
        return {row["key"]: row for row in self.looks.read().to_pylist()}

    def _done(self, store: Store) -> set[str]:
        rows = store.read(["key", "error_kind", "error_transient"]).to_pylist()
        return {row["key"] for row in rows if not self._is_retried(row)}

    def _is_retried(self, row: Row) -> bool:
        if row["error_kind"] is None or self.retry is None:
            return False
        if self.retry == "transient":
            return bool(row["error_transient"])
        return self.retry in ("all", row["error_kind"])

    def _questions(self) -> Iterator[Question]:
        for label, step in self.aligners.items():
            prior = step.prior()
            for column, raw in step.calibrated.items():
                yield Question(column, raw, label, step.mismatch[column], prior.get(column))

    def _conclude(self, question: Question) -> Outcome:
        mine = [pair for pair in self.asked if pair.label == question.aligner]
        kinds = dict.fromkeys(pair.kind for pair in mine)
        altered = {k: self._pairs(question, mine, k) for k in kinds if k not in _FITTED}
        pairs = self._pairs(question, mine, question.mismatch)
        failed = self._failed(question, mine)
        return conclude(question, pairs, altered, self.settings, failed)

    def _failed(self, question: Question, asked: Iterable[Asked]) -> Failed:
        """Pairs of the kind that the map is fitted to, and that could not be scored."""
        keys = [pair.key for pair in asked if pair.kind == question.mismatch]
        rows = [self._scored[question.aligner].get(key, {}) for key in keys]
        told = [f"{r['error_kind']}: {r['error_message']}" for r in rows if r.get("error_kind")]
        return Failed(len(told), told[0] if told else None)

    def _pairs(self, question: Question, asked: Iterable[Asked], kind: str) -> Pairs:
        """Scores of one kind of mismatch, beside the clips' own scores."""
        some = [pair for pair in asked if pair.kind == kind]
        whose = {pair.clip["clip_id"] for pair in some}
        group = {clip["clip_id"]: at for at, clip in enumerate(self.used.clips)}
        found: list[tuple[float, bool, int]] = []
        for clip in self.used.clips:
            if clip["clip_id"] in whose or kind in _FITTED:
                own = _known(clip[question.raw])
                found += [(score, True, group[clip["clip_id"]]) for score in own]
        for pair in some:
            row: Mapping[str, Any] = self._scored[question.aligner].get(pair.key, {})
            if _known(pair.clip[question.raw]):
                scores = _known(row.get(question.raw))
                found += [(score, False, group[pair.clip["clip_id"]]) for score in scores]
        raw, matched, which = zip(*found, strict=True) if found else ((), (), ())
        return Pairs(np.array(raw, float), np.array(matched, bool), np.array(which, np.int64))


_FITTED = ("other", "shift")


def _known(raw: Any) -> list[float]:
    values = raw if isinstance(raw, list) else [raw]
    return [float(value) for value in values if value is not None]
