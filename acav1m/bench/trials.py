"""Try a clip clean and with every defect at every strength: what a worker does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from acav1m.bench import looking
from acav1m.bench.subject import Subject, Subjects
from acav1m.errors import ClipError
from acav1m.looks import columns_of
from acav1m.realigned import realigned
from acav1m.synth.plant import choose, defect_named, defects

if TYPE_CHECKING:
    from acav1m.bench.looking import Look
    from acav1m.clip import Clip
    from acav1m.engines import Row
    from acav1m.synth.defect import Options
    from acav1m.synth.scene import Rendered

CLEAN = "clean"

LEAST_S = 0.04
"""Less than a picture is not worth moving."""


class Way(NamedTuple):
    """One way to damage a clip."""

    defect: str
    strength: str
    options: Options


class Trials:
    """The job: a clip in, a row per way to damage it out, and the first for none.

    `backends` holds for each the specs of its looks; clips that are surely out of step, by
    `min_confidence`, are looked at once more with their sound moved back.
    """

    def __init__(
        self,
        backends: Mapping[str, list[Row]],
        min_confidence: float,
        recordings: Sequence[Row] | None = None,
        twins: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.backends = {
            name: [looking.made(spec) for spec in specs] for name, specs in backends.items()
        }
        views = {view for looks in self.backends.values() for x in looks for view in x.step.views}
        self.min_confidence = min_confidence
        self.subjects = Subjects(recordings, twins, views)

    def run(self, row: Row, alive: Callable[[], None]) -> list[Row]:
        """Try one clip in every way."""
        try:
            clean = self.subjects.opened(row)
            results = [self._clean(row, clean)]
            for way in self._ways(clean.truth):
                alive()
                results.append(self._tried_or_left_out(row, clean, way))
        except ClipError as error:
            return self.lost(row, error.kind, error.message)
        return results

    def lost(self, row: Row, kind: str, reason: str) -> list[Row]:
        """The row of a clip that cannot be tried at all."""
        return [{"key": row["key"], "lost": f"{kind}: {reason}"}]

    def commit(self, part_id: str, results: list[Row]) -> None:
        """Nothing: the driver has heard of each row."""

    def _ways(self, truth: Rendered) -> Iterator[Way]:
        for defect in defects():
            kind = defect_named(defect, self.subjects.stock)
            for strength, ways in kind.strengths(truth.event).items():
                for options in ways:
                    yield Way(defect, strength, options)

    def _clean(self, row: Row, clean: Subject) -> Row:
        """The clean clip, opened anew for each backend so that its time is its own."""

        def again() -> Clip:
            return clean.clip.reopened().with_sound(clean.truth.audio, clean.truth.rate_hz)

        columns, seconds = self._looked(clean.truth, again, shared=False)
        told = _told(row, clean.truth, Way(CLEAN, CLEAN, {})) | {"offset_s": 0.0}
        moved = self._moved(clean, columns)
        return told | {"columns": columns, "seconds": seconds, "moved": moved}

    def _tried_or_left_out(self, row: Row, clean: Subject, way: Way) -> Row:
        """What cannot be measured is no catch of the filters, which reject what is unknown."""
        try:
            return self._tried(row, clean, way)
        except ClipError as error:
            left_out = f"{error.kind}: {error.message}"
            return _told(row, clean.truth, way) | {"left_out": left_out}

    def _tried(self, row: Row, clean: Subject, way: Way) -> Row:
        told, stock = _told(row, clean.truth, way), self.subjects.stock
        event, seconds = clean.truth.event, clean.truth.seconds
        kind = defect_named(way.defect, stock)
        chosen = choose(way.defect, row["seed"], event, seconds, stock=stock, **way.options)
        objection = kind.objection(event, seconds, chosen)
        if objection is not None:
            return told | {"left_out": objection}
        damaged = self.subjects.damaged(row, clean, way.defect, way.options)
        columns, _ = self._looked(damaged.truth, lambda: damaged.clip)
        moved = self._moved(damaged, columns)
        return told | {"offset_s": kind.offset_s(chosen), "columns": columns, "moved": moved}

    def _moved(self, shown: Subject, columns: Mapping[str, Row]) -> dict[str, Row]:
        """By backend that is sure of an offset, what it finds once that is taken out."""
        found: dict[str, Row] = {}
        for name, told in columns.items():
            late_s, sure = told.get("sync_offset_s"), told.get("sync_confidence") or 0.0
            if late_s is None or sure < self.min_confidence or abs(late_s) < LEAST_S:
                continue
            try:
                found[name] = self._once_moved(shown, name, round(late_s, 3))
            except ClipError:
                continue  # a build too leaves the sound where it was
        return found

    def _once_moved(self, shown: Subject, backend: str, late_s: float) -> Row:
        moved = realigned(shown.clip, late_s)
        moved.columns = _given(shown.truth)
        length_s = shown.truth.seconds - abs(late_s)
        return _looks(moved, self.backends[backend], {}) | {"duration_s": length_s}

    def _looked(
        self, truth: Rendered, open_: Callable[[], Clip], *, shared: bool = True
    ) -> tuple[dict[str, Row], dict[str, float]]:
        """Columns and CPU seconds by backend; what several have in common is done once."""
        columns: dict[str, Row] = {}
        seconds: dict[str, float] = {}
        done: dict[str, Row] = {}
        for name, looks in self.backends.items():
            clip = open_()
            clip.columns = _given(truth)
            before = time.process_time()
            columns[name] = _looks(clip, looks, done if shared else {})
            seconds[name] = time.process_time() - before
        return columns, seconds


def _told(row: Row, truth: Rendered, way: Way) -> Row:
    """What every trial's row says."""
    return {
        "key": row["key"],
        "video": row["video"],
        "duration_s": truth.seconds,
        "defect": way.defect,
        "strength": way.strength,
    }


def _given(truth: Rendered) -> Row:
    """What a source would say of the clip."""
    return {"event": truth.event, "source_caption": truth.caption or None}


def _looks(clip: Clip, asked: list[Look], done: dict[str, Row]) -> Row:
    """Every column that the steps give."""
    told: Row = {}
    for look in asked:
        key = str(look.spec())
        if key not in done:
            done[key] = columns_of(look.label, look.step, clip)
        found = dict(done[key])
        clip.columns |= {} if look.prefix else found
        told |= {look.prefix + column: value for column, value in found.items()}
    return told
