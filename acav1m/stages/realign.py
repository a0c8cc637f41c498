"""Cut a clip anew from its own mp4, with the sound taken from where its picture is."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from acav1m.errors import ClipError
from acav1m.media.cut import cut, sha256
from acav1m.media.excerpt import excerpt
from acav1m.media.probe import probe
from acav1m.recipe import Cut
from acav1m.stages import download, error_columns, lost, media, persistent
from acav1m.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from acav1m.engines import Row
    from acav1m.media.cut import Made

VERSION = 1
"""Goes up when the same clip and offset give other bytes; part of the cache keys."""

SCHEMA = download.SCHEMA
"""What the stage stores: the rows of the moved clips, as the download stage stores the others."""


class Span(NamedTuple):
    """Some seconds of a clip's pictures."""

    start_s: float
    end_s: float


def covered(duration_s: float, sound_late_s: float) -> Span:
    """The pictures whose sound is in the clip as well, if it comes late by so much.

    >>> covered(10.0, 0.5), covered(10.0, -0.5)
    (Span(start_s=0.0, end_s=9.5), Span(start_s=0.5, end_s=10.0))
    """
    return Span(max(0.0, -sound_late_s), duration_s - max(0.0, sound_late_s))


class Realign:
    """The job: a clip and its offset in, the row of a clip in step out.

    The clip gets shorter by the offset, for nothing stands in for sound or pictures that it does
    not hold. The mp4 is encoded once more, with the recipe's settings of the cut; the samples of
    the FLAC stay what they were.
    """

    def __init__(self, cut: Mapping[str, Any], store: str) -> None:
        self.how = Cut.model_validate(cut)
        self.store = Store(Path(store), SCHEMA)
        self.store.folder.mkdir(parents=True, exist_ok=True)

    def run(self, row: Row, alive: Callable[[], None]) -> list[Row]:
        """Cut one clip."""
        media.check_room(self.store.folder)
        base = row["clip"] | {"key": row["key"], "media": None}
        write = partial(self._cut, row, alive)
        keep = partial(media.keep, self.store.folder, row["key"], base["clip_id"], write)
        try:
            made, files = persistent(keep)
        except ClipError as error:
            return [base | error_columns("realign", error)]
        return [base | _moved(base, made) | files]

    def lost(self, row: Row, kind: str, reason: str) -> list[Row]:
        """The row of a clip that took its worker down."""
        base = row["clip"] | {"key": row["key"], "media": None}
        return [base | error_columns("realign", lost(kind, reason))]

    def commit(self, part_id: str, results: list[Row]) -> None:
        """Store the part."""
        self.store.commit(part_id, pa.Table.from_pylist(results, schema=self.store.schema))

    def _cut(self, row: Row, alive: Callable[[], None], stem: Path) -> Made:
        source = Path(f"{row['stem']}.mp4")
        found = probe(source, alive)
        late_s = row["sound_late_s"]
        span = covered(min(found.end_s, row["clip"]["duration_s"]), late_s)
        pictures_s = found.frame_times_s
        # none before the span: its sound would have to begin before there is any
        start_s = float(min(pictures_s[pictures_s >= span.start_s - 1e-6], default=span.end_s))
        left_s = max(0.0, span.end_s - start_s)
        if left_s < self.how.min_s:
            raise ClipError("too_short", f"{left_s:.2f} s would be left")
        made = cut(source, found, start_s, span.end_s, stem, self.how, alive, sound_late_s=late_s)
        return self._with_lossless(Path(f"{row['stem']}.flac"), stem, made, late_s)

    def _with_lossless(self, given: Path, stem: Path, made: Made, late_s: float) -> Made:
        """The clip's FLAC need not suffer from another coding of its mp4's sound."""
        flac = stem.with_name(f"{stem.name}.flac")
        excerpt(given, made.start_s + late_s, made.end_s - made.start_s, flac)
        return replace(made, flac_sha256=sha256(flac), flac_bytes=flac.stat().st_size)


def _moved(clip: Row, made: Made) -> Row:
    """Where the pictures of the moved clip lie in the source, and what both cuts did to them."""
    return {
        "start_s": round(clip["start_s"] + made.start_s, 6),
        "end_s": round(clip["start_s"] + made.end_s, 6),
        "duration_s": round(made.end_s - made.start_s, 6),
        "cut_shift_s": round(clip["cut_shift_s"] + made.start_s, 6),
        "cut_skew_s": round(clip["cut_skew_s"] + made.cut_skew_s, 6),
        "decode_errors": clip["decode_errors"] + made.decode_errors,
    }
