"""Which videos and clips opt-out lists name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from acav1m.consent import marks
from acav1m.consent.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from acav1m.consent.book import Book

BATCH = 10_000
OF_VIDEO = ("source_uri", "fetched_url", "video_id", "source_sha256")
PARTIES = ("uploader_marks", "listed_uploader_marks")
CHECKSUMS = ("mp4_sha256", "flac_sha256", "orig_flac_sha256")
OF_CLIP = ("clip_id", *CHECKSUMS)

TELLING = 6
"""Characters of a file's name that are more likely an id than a number or a word."""

_CUT = re.compile(r"([A-Za-z0-9_-]{11})(?:[_.-]\d+)+")
"""How many data sets call clips: the id of a video of YouTube, and times."""


@dataclass(frozen=True)
class Outs:
    """Those that a list names, each with the reason."""

    videos: Mapping[str, str] = field(default_factory=dict)
    """By `source_uri`: whatever names a video names all its clips."""

    clips: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """By candidate and `clip_id`: those that are named alone."""

    def __bool__(self) -> bool:
        return bool(self.videos or self.clips)

    def has(self, rows: pa.Table) -> pa.ChunkedArray:
        """Which rows of a table with `source_uri`, `candidate` and `clip_id` are among them."""
        named = pc.is_in(rows["source_uri"], pa.array(self.videos, pa.string()))
        return pc.or_(named, pa.chunked_array([self.has_clip(rows)]))

    def has_clip(self, rows: pa.Table) -> pa.Array:
        """Which rows of a table with `candidate` and `clip_id` are named alone."""
        if not self.clips:
            return pa.array([False] * rows.num_rows, pa.bool_())
        pairs = zip(rows["candidate"].to_pylist(), rows["clip_id"].to_pylist(), strict=True)
        return pa.array([pair in self.clips for pair in pairs], pa.bool_())


def look(book: Book, listing: Path, tables: Iterable[pa.Table] = ()) -> Outs:
    """What a book names of a listing, and of tables of clips with the column `candidate`."""
    videos: dict[str, str] = {}
    with pq.ParquetFile(listing) as file:
        wanted = ["source_uri", "listed_uploader_marks"]
        for batch in file.iter_batches(BATCH, columns=wanted):
            for row, reason in named(book, batch.to_pylist(), of_video):
                videos.setdefault(row["source_uri"], reason)
    candidates: dict[str, str] = {}
    clips: dict[tuple[str, str], str] = {}
    for table in tables:
        for rows in batches(table, ("candidate", *OF_VIDEO, *PARTIES, *OF_CLIP)):
            for row, reason in named(book, rows, of_video):
                candidates.setdefault(row["candidate"], reason)
            for row, reason in named(book, rows, of_clip):
                clips.setdefault((row["candidate"], row["clip_id"]), reason)
    return Outs({**_uris(listing, candidates), **videos}, clips)


def named(
    book: Book, rows: list[dict[str, Any]], known_by: Callable[[Mapping[str, Any]], Iterable[Mark]]
) -> Iterator[tuple[dict[str, Any], str]]:
    """Rows that a list names, each with the reason."""
    reasons = book.reasons([known_by(row) for row in rows])
    yield from ((row, reason) for row, reason in zip(rows, reasons, strict=True) if reason)


def batches(table: pa.Table, columns: Iterable[str]) -> Iterator[list[dict[str, Any]]]:
    """Rows with as many of these columns as there are."""
    there = [name for name in columns if name in table.column_names]
    for batch in table.select(there).to_batches(BATCH):
        yield batch.to_pylist()


def of_video(row: Mapping[str, Any]) -> Iterator[Mark]:
    """By what a video is known, as far as columns of the listing or a store say."""
    for column in ("source_uri", "fetched_url"):
        if row.get(column):
            yield from _of_uri(row[column])
    if row.get("video_id"):
        yield Mark("id", row["video_id"])
    if row.get("source_sha256"):
        yield Mark("sha256", row["source_sha256"])
    for column in PARTIES:
        for hashed in row.get(column) or ():
            yield Mark("party", hashed)


def of_clip(row: Mapping[str, Any]) -> Iterator[Mark]:
    """By what one clip is known."""
    if row.get("clip_id"):
        yield Mark("id", row["clip_id"])
    for column in CHECKSUMS:
        if row.get(column):
            yield Mark("sha256", row[column])


def _of_uri(uri: str) -> Iterator[Mark]:
    """By an address, all that it lies in, and ids that its last part may be or begin with."""
    whole, _, inside = uri.partition("#")
    for place in {uri, whole}:
        yield from _at(place)
    yield from marks.domains(uri)
    path = marks.plain_url(whole).partition("?")[0] if marks.is_url(whole) else whole
    stem = (inside or path).rpartition("/")[2].partition(".")[0]
    cut = _CUT.fullmatch(stem)
    yield from (Mark("id", id_) for id_ in (stem, cut and cut[1]) if id_ and len(id_) >= TELLING)


def _at(place: str) -> Iterator[Mark]:
    if marks.is_url(place):
        yield from marks.of_page(place)
    else:
        yield Mark("id", place)


def _uris(listing: Path, candidates: Mapping[str, str]) -> dict[str, str]:
    """The videos of these candidates."""
    if not candidates:
        return {}
    asked = pa.array(candidates, pa.string())
    found: dict[str, str] = {}
    with pq.ParquetFile(listing) as file:
        for batch in file.iter_batches(BATCH, columns=["key", "source_uri"]):
            for row in batch.filter(pc.is_in(batch["key"], asked)).to_pylist():
                found[row["source_uri"]] = candidates[row["key"]]
    return found
