"""Try a clip clean and with every defect at every strength: what a worker does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acav1m.bench import looking
from acav1m.calibration.map import calibrated
from acav1m.clip import Clip
from acav1m.errors import ClipError
from acav1m.realigned import realigned
from acav1m.stages import persistent
from acav1m.steps import Aligner
from acav1m.synth import scene
from acav1m.synth.plant import choose, defect_named, defects, plant
from acav1m.synth.recorded import Recorded, Recording
from acav1m.synth.stock import RENDERER, Stock
from acav1m.testing import from_arrays

if TYPE_CHECKING:
    from acav1m.bench.looking import Look
    from acav1m.engines import Row
    from acav1m.steps import Value
    from acav1m.synth.scene import Rendered

CLEAN = "clean"

LEAST_S = 0.04
"""Less than a picture is not worth moving."""


class Trials:
    """The job: a clip in, a row per defect and strength out, and the first for none.

    `backends` holds for each the specs of its looks; `recordings` what the clips are where they
    are not rendered, with pairs of `twins` that may be copies.
    """

    def __init__(
        self,
        backends: Mapping[str, list[Row]],
        min_confidence: float,
        recordings: list[Row] | None = None,
        twins: list[tuple[str, str]] | None = None,
    ) -> None:
        self.backends = {
            name: [looking.made(spec) for spec in specs] for name, specs in backends.items()
        }
        self.min_confidence = min_confidence
        self.stock: Stock = RENDERER
        self.views = {
            view for looks in self.backends.values() for x in looks for view in x.step.views
        }
        if recordings is not None:
            self.stock = Recorded(map(self._recording, recordings), twins or [])

    def run(self, row: Row, alive: Callable[[], None]) -> list[Row]:
        """Try one clip in every way."""
        try:
            clean, clip = self._clean(row)
            results = [self._first(row, clean, clip)]
            for trial in self._planned(row, clean):
                alive()
                results.append(self._tried(row, clean, clip, trial))
        except ClipError as error:
            return self.lost(row, error.kind, error.message)
        return results

    def lost(self, row: Row, kind: str, reason: str) -> list[Row]:
        """The row of a clip that cannot be tried at all."""
        return [{"key": row["key"], "lost": f"{kind}: {reason}"}]

    def commit(self, part_id: str, results: list[Row]) -> None:
        """Nothing: the driver has heard of each row."""

    def _recording(self, row: Row) -> Recording:
        return Recording(Clip(Path(row["stem"]), views=self.views), row["video_id"], row["caption"])

    def _clean(self, row: Row) -> tuple[Rendered, Clip]:
        """The truth, and the clip with its own sound as every trial's is: in memory."""
        if isinstance(self.stock, Recorded):
            clip = self.stock.clip(row["key"])
            clean = self.stock.take(clip)
        else:
            clean = scene.render(row["event"], row["seed"], seconds=row["seconds"])
            clip = from_arrays(clean.frames, clean.fps, clean.audio, clean.rate_hz)
        return clean, clip.with_sound(clean.audio, clean.rate_hz)

    def _planned(self, row: Row, clean: Rendered) -> Iterator[Row]:
        for defect in defects():
            for strength, ways in defect_named(defect, self.stock).strengths(clean.event).items():
                for options in ways:
                    yield {"defect": defect, "strength": strength, "options": dict(options)}

    def _tried(self, row: Row, clean: Rendered, clip: Clip, trial: Row) -> Row:
        told = _told(row, clean, trial["defect"], trial["strength"])
        kind = defect_named(trial["defect"], self.stock)
        seed, event, seconds = row["seed"], clean.event, clean.seconds
        chosen = choose(trial["defect"], seed, event, seconds, stock=self.stock, **trial["options"])
        objection = kind.objection(event, seconds, chosen)
        if objection is not None:
            return told | {"left_out": objection}
        damaged = plant(clean, trial["defect"], seed, stock=self.stock, **trial["options"])
        there = _as_clip(clean, damaged, clip)
        columns, _ = self._looked(damaged, lambda: there)
        offset_s = kind.offset_s(chosen)
        moved = self._moved(damaged, there, columns) if offset_s else {}
        return told | {"offset_s": offset_s, "columns": columns, "moved": moved}

    def _first(self, row: Row, clean: Rendered, clip: Clip) -> Row:
        """The clean clip, opened anew for each backend so that its time is its own."""

        def again() -> Clip:
            return clip.reopened().with_sound(clean.audio, clean.rate_hz)

        columns, seconds = self._looked(clean, again, shared=False)
        told = _told(row, clean, CLEAN, CLEAN) | {"offset_s": 0.0}
        moved = self._moved(clean, clip, columns)
        return told | {"columns": columns, "seconds": seconds, "moved": moved}

    def _moved(self, shown: Rendered, clip: Clip, columns: Mapping[str, Row]) -> dict[str, Row]:
        """By backend that is sure of an offset, what it finds once that is taken out."""
        found: dict[str, Row] = {}
        for name, told in columns.items():
            late_s, sure = told.get("sync_offset_s"), told.get("sync_confidence") or 0.0
            if late_s is None or sure < self.min_confidence or abs(late_s) < LEAST_S:
                continue
            moved = realigned(clip, round(late_s, 3))
            moved.columns = _given(shown)
            found[name] = _looks(moved, self.backends[name], {})
            found[name]["duration_s"] = shown.seconds - abs(round(late_s, 3))
        return found

    def _looked(
        self, shown: Rendered, open_: Callable[[], Clip], *, shared: bool = True
    ) -> tuple[dict[str, Row], dict[str, float]]:
        """Columns and CPU seconds by backend; what several have in common is done once."""
        columns: dict[str, Row] = {}
        seconds: dict[str, float] = {}
        done: dict[str, Row] = {}
        for name, looks in self.backends.items():
            clip = open_()
            clip.columns = _given(shown)
            before = time.process_time()
            columns[name] = _looks(clip, looks, done if shared else {})
            seconds[name] = time.process_time() - before
        return columns, seconds


def _told(row: Row, clean: Rendered, defect: str, strength: str) -> Row:
    """What every trial's row says."""
    return {
        "key": row["key"],
        "video": row["video"],
        "duration_s": clean.seconds,
        "defect": defect,
        "strength": strength,
    }


def _given(shown: Rendered) -> Row:
    """What a source would say of the clip."""
    return {"event": shown.event, "source_caption": shown.caption or None}


def _as_clip(clean: Rendered, damaged: Rendered, clip: Clip) -> Clip:
    if damaged.frames is not clean.frames:
        return from_arrays(damaged.frames, damaged.fps, damaged.audio, damaged.rate_hz)
    return clip.with_sound(damaged.audio, damaged.rate_hz)


def _looks(clip: Clip, looks: list[Look], done: dict[str, Row]) -> Row:
    """Every column that the steps give; those of a step that fails are unknown, with the reason."""
    told: Row = {}
    for look in looks:
        key = str(look.spec())
        if key not in done:
            done[key] = _look(clip, look)
        found = dict(done[key])
        clip.columns |= {} if look.prefix else found
        told |= {look.prefix + column: value for column, value in found.items()}
    return told


def _look(clip: Clip, look: Look) -> Row:
    try:
        found: Mapping[str, Value] = persistent(partial(look.step.measure, clip))
    except ClipError:
        return dict.fromkeys(look.step.columns())
    more: dict[str, Any] = calibrated(look.step, found) if isinstance(look.step, Aligner) else {}
    return {**found, **more}
