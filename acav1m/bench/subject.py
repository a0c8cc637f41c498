"""The clip of a row, to plant defects in: rendered on the spot, or recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from acav1m.clip import Clip
from acav1m.synth import scene
from acav1m.synth.plant import plant
from acav1m.synth.recorded import Recorded, Recording
from acav1m.synth.stock import RENDERER, Stock
from acav1m.testing import from_arrays

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acav1m.clip import View
    from acav1m.engines import Row
    from acav1m.synth.defect import Options
    from acav1m.synth.scene import Rendered


class Subject(NamedTuple):
    """The truth about a clip, and the clip."""

    truth: Rendered
    clip: Clip


class Subjects:
    """All clips of a benchmark; `recordings` says what they are where they are not rendered."""

    def __init__(
        self,
        recordings: Sequence[Row] | None,
        twins: Iterable[tuple[str, str]],
        views: Iterable[View] = (),
    ) -> None:
        self._views = set(views)
        self._recorded = None
        if recordings is not None:
            self._recorded = Recorded(map(self._recording, recordings), twins)
        self.stock: Stock = self._recorded or RENDERER

    def opened(self, row: Row) -> Subject:
        """The clip with its own sound in memory, as that of every trial is."""
        if self._recorded is not None:
            clip = self._recorded.clip(row["key"])
            truth = self._recorded.take(clip)
        else:
            truth = scene.render(row["event"], row["seed"], seconds=row["seconds"])
            clip = from_arrays(truth.frames, truth.fps, truth.audio, truth.rate_hz)
        return Subject(truth, clip.with_sound(truth.audio, truth.rate_hz))

    def damaged(self, row: Row, clean: Subject, defect: str, options: Options) -> Subject:
        """The clip with one defect; pictures are encoded anew only if they are damaged."""
        truth = plant(clean.truth, defect, row["seed"], stock=self.stock, **options)
        if truth.frames is clean.truth.frames:
            return Subject(truth, clean.clip.with_sound(truth.audio, truth.rate_hz))
        clip = from_arrays(truth.frames, truth.fps, truth.audio, truth.rate_hz)
        return Subject(truth, clip.with_sound(truth.audio, truth.rate_hz))

    def _recording(self, row: Row) -> Recording:
        clip = Clip(Path(row["stem"]), views=self._views)
        return Recording(clip, row["video_id"], row["caption"])
