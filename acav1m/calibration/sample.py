"""Which of a recipe's clips pairs are made of, and why the others are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from acav1m.calibration.pairs import Drawn
from acav1m.synth import likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acav1m.calibration.pairs import Row

SILENT_SHARE = 0.9
"""A clip that is silent for longer has no sound that could be another's."""

PLACE = ("key", "clip_id", "video_id", "source_sha256", "start_s", "end_s", "duration_s", "media")
"""What is known of every clip that pairs are made of."""


SPARE = 4
"""Clips that are drawn for each one asked for, to stand in for copies."""

Looks = Mapping[str, Mapping[str, Any]]


class Sample(NamedTuple):
    """Clips in an order that follows from their ids, and how many were left out for what."""

    clips: list[Row]
    left_out: Counter[str]


def draw(
    table: pa.Table, raw: Sequence[str], reads: Sequence[str], *, clips: int, seed: int
) -> Sample:
    """Take at most so many clips that have something to score.

    `raw` are the columns one of which must be known; `reads` are wanted beside them.
    """
    left_out: Counter[str] = Counter()
    table = table.sort_by([(c, "ascending") for c in ("clip_id", "source_uri", "key")])
    sound = table.filter(pc.is_null(table["error_kind"]))
    left_out["failed"] = table.num_rows - sound.num_rows
    loud = sound.filter(_is_heard(sound))
    left_out["silent"] = sound.num_rows - loud.num_rows
    scored = loud.filter(_any_known(loud, raw))
    left_out["without a score"] = loud.num_rows - scored.num_rows
    ids = scored["clip_id"].to_pylist()
    order = Drawn(seed)
    first = {clip_id: at for at, clip_id in reversed(list(enumerate(ids)))}
    left_out["copies"] = len(ids) - len(first)
    chosen = sorted(first, key=lambda clip_id: (order.share(clip_id, "sample"), clip_id))[:clips]
    left_out["not needed"] = len(first) - len(chosen)
    columns = list(dict.fromkeys([*PLACE, *raw, *reads]))
    rows = scored.select(columns).take(pa.array([first[c] for c in chosen], pa.int64()))
    return Sample(rows.to_pylist(), left_out)


def to_look(sample: Sample, looks: Looks, *, clips: int) -> list[Row]:
    """Clips that must be looked at before so many without copies can be told; none when they can.

    Twice as many as the time before, so that few rounds do even where most are copies.
    """
    count = clips
    while True:
        some = sample.clips[:count]
        if any(clip["key"] not in looks for clip in some):
            return some
        if count >= len(sample.clips) or len(_firsts(some, looks, clips)[0]) == clips:
            return []
        count *= 2


def without_copies(sample: Sample, looks: Looks, *, clips: int) -> Sample:
    """Of clips that look or sound like copies of one another keep the first, and so many in all.

    `looks` are what the look stage stored, by the clip's key.
    """
    kept, left_out = _firsts(sample.clips, looks, clips)
    return Sample(kept, sample.left_out + left_out)


def _firsts(some: Sequence[Row], looks: Looks, clips: int) -> tuple[list[Row], Counter[str]]:
    """The first so many that are like none before them, and why those between are not."""
    kept: list[Row] = []
    seen: list[likeness.Likeness] = []
    left_out: Counter[str] = Counter()
    for clip in some:
        look = looks.get(clip["key"])
        if len(kept) == clips:
            left_out["not needed"] += 1
        elif look is None or look["error_kind"] is not None:
            left_out["failed"] += 1
        elif any(likeness.alike(_look(look), other) for other in seen):
            left_out["copies"] += 1
        else:
            kept.append(clip)
            seen.append(_look(look))
    return kept, left_out


def neighbours(table: pa.Table, clips: Sequence[Row]) -> dict[str, tuple[Row | None, Row | None]]:
    """By clip_id, the clips of the same video that end where it begins, and begin where it ends."""
    videos = pa.array(sorted({clip["video_id"] for clip in clips}), pa.string())
    same = table.filter(
        pc.and_(pc.is_in(table["video_id"], videos), pc.is_null(table["error_kind"]))
    )
    rows = same.select(list(PLACE)).to_pylist()
    begins = {(row["video_id"], round(row["start_s"], 2)): row for row in rows}
    ends = {(row["video_id"], round(row["end_s"], 2)): row for row in rows}
    return {
        clip["clip_id"]: (
            ends.get((clip["video_id"], round(clip["start_s"], 2))),
            begins.get((clip["video_id"], round(clip["end_s"], 2))),
        )
        for clip in clips
    }


def _is_heard(table: pa.Table) -> pa.Array:
    if "silent_share" not in table.column_names:
        return pa.array([True] * table.num_rows, pa.bool_())
    return pc.fill_null(pc.less(table["silent_share"], SILENT_SHARE), True)


def _any_known(table: pa.Table, raw: Sequence[str]) -> pa.Array:
    known = pa.array([False] * table.num_rows, pa.bool_())
    whole = [column for column in raw if not pa.types.is_list(table.schema.field(column).type)]
    for column in whole:
        known = pc.or_(known, pc.is_valid(table[column]))
    return known


def _look(stored: Mapping[str, Any]) -> likeness.Likeness:
    pictures, level_db = (np.array(stored[c], np.float32) for c in ("pictures", "level_db"))
    return likeness.Likeness(pictures, level_db)
