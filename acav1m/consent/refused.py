"""Rows of what opt-out lists name: failed, with the reason, and with nothing that was found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from acav1m.errors import ClipError
from acav1m.stages import download, error_columns
from acav1m.steps import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from acav1m.consent.outs import Outs
    from acav1m.engines import Row

KIND = "opted_out"
STAGE = "source"
BATCH = 10_000
MARK = "-out"
"""After the key of a clip that is named alone: no step's row goes by it."""

_KEPT = ("candidate", "clip_id", "video_id", "start_s", "end_s")
_OF_LISTING = ("key", "source_uri", "asked_start_s", "asked_end_s")


def overlaid(rows: pa.Table, listing: Path, outs: Outs) -> pa.Table:
    """Rows of the download stage, with those of videos and clips that lists name in their place.

    A video's candidates have a row each, as if nothing of it had ever been downloaded.
    """
    if not outs:
        return rows
    tables = [pa.Table.from_pylist(batch, rows.schema) for batch in _videos(listing, outs)]
    keys = [table["candidate"] for table in tables]
    of_videos = pc.is_in(
        rows["candidate"], pa.chunked_array([c for k in keys for c in k.chunks], pa.string())
    )
    left = rows.filter(pc.invert(of_videos))
    alone = outs.has_clip(left)
    clips = [_clip(row, outs) for row in left.filter(alone).to_pylist()]
    return pa.concat_tables(
        [left.filter(pc.invert(alone)), pa.Table.from_pylist(clips, rows.schema), *tables]
    )


def among(rows: pa.Table) -> pa.Table:
    """The rows that are there because a list names their video or clip."""
    refused = pc.and_(pc.equal(rows["error_kind"], KIND), pc.equal(rows["error_stage"], STAGE))
    return rows.filter(pc.fill_null(refused, False))


def replaced(found: pa.Table, refused: pa.Table, outs: Outs) -> pa.Table:
    """A table of clips with every column, in which those that lists name make way for `refused`."""
    gone = pc.or_(outs.has(found), pc.is_in(found["key"], refused["key"]))
    return pa.concat_tables([found.filter(pc.invert(gone)), refused.select(found.column_names)])


def blanked(found: pa.Table, columns: Iterable[str]) -> pa.Table:
    """A table of clips in which these columns say nothing of those who opted out."""
    out = pc.fill_null(pc.equal(found["error_kind"], KIND), False)
    if not pc.any(out).as_py():
        return found
    for name in columns:
        field = found.schema.field(name)
        nothing = pa.scalar(None, field.type)
        blank = pc.if_else(out, nothing, found[name])
        found = found.set_column(found.schema.get_field_index(name), field, blank)
    return found


def _videos(listing: Path, outs: Outs) -> Iterator[list[Row]]:
    """What is left of the candidates of videos that lists name."""
    asked = pa.array(outs.videos, pa.string())
    with pq.ParquetFile(listing) as file:
        for batch in file.iter_batches(BATCH, columns=list(_OF_LISTING)):
            named = batch.filter(pc.is_in(batch["source_uri"], asked))
            yield [_video(row, outs.videos[row["source_uri"]]) for row in named.to_pylist()]


def _video(row: Row, reason: str) -> Row:
    uri = row["source_uri"]
    candidate = Candidate(uri, "", row["asked_start_s"], row["asked_end_s"])
    return download.begun(row["key"], candidate) | error_columns(STAGE, ClipError(KIND, reason))


def _clip(row: Row, outs: Outs) -> Row:
    reason = outs.clips[row["candidate"], row["clip_id"]]
    kept = {column: row[column] for column in _KEPT}
    return kept | {"key": f"{row['key']}{MARK}"} | error_columns(STAGE, ClipError(KIND, reason))
