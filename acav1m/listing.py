"""List the candidates of all sources: the first stage, which opens no media."""

from __future__ import annotations

import itertools
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from acav1m import licenses, repeats, table
from acav1m.consent import columns as private
from acav1m.plan import digest
from acav1m.progress import Progress
from acav1m.release import layout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from acav1m.consent.consent import Consent
    from acav1m.plan import Plan

BATCH = 4096
ASKED: dict[str, Any] = {
    "key": str,
    "locator": str,
    "asked_start_s": float,
    "asked_end_s": float,
    "stamp": str,
    "repeats": str,
} | private.LISTED
RESERVED = {
    *ASKED,
    *layout.EVERY_LOCATION,
    *("candidate", "media", "uploader_marks", "file_row_number", "reject", "flag", "realign"),
}
"""Names that the tables of work folders and releases and a recipe's examples use; no list may."""


@dataclass(frozen=True)
class Listed:
    """What a listing holds, and how long it took."""

    candidates: int
    videos: int
    """Addresses, each of one source: clips of a video have one in common."""

    repeats: int
    """Candidates that are listed again, in all respects that matter."""

    seconds: float

    @property
    def rows_per_s(self) -> float:
        """Speed."""
        return self.candidates / max(self.seconds, 1e-3)

    def json(self) -> dict[str, Any]:
        """As one JSON object."""
        return {**asdict(self), "rows_per_s": round(self.rows_per_s)}

    def text(self) -> str:
        """For people."""
        return (
            f"{self.candidates:,} candidates of {self.videos:,} videos, {self.repeats:,} listed "
            f"again; {self.seconds:.1f} s, {self.rows_per_s:,.0f} rows/s"
        )


def write(
    plan: Plan,
    path: Path,
    limit: int | None,
    spill: Path | None = None,
    progress: Progress | None = None,
    consent: Consent | None = None,
) -> Listed:
    """Stream all candidates (the first `limit`) into a Parquet file; say what is in it.

    A candidate's key says what it is, not where it stands in the list, so a list that grows
    keeps the work already done. The same candidate listed again gets a key of its own, and
    `repeats` is the key of the first. What is too much for memory goes through files in `spill`,
    by default in the file's own folder.

    Raises:
        AcavError: A source is wrong.
    """
    began, progress = time.monotonic(), progress or Progress()
    unfinished, marked = path.with_suffix(".unfinished"), path.with_suffix(".sorted")
    with progress.stage("source", None):
        count = _write(plan, unfinished, limit, progress, consent)
        videos, repeated = repeats.mark(unfinished, marked, spill or path.parent)
    unfinished.unlink()
    marked.replace(path)
    return Listed(count, videos, repeated, round(time.monotonic() - began, 3))


def _write(
    plan: Plan, path: Path, limit: int | None, progress: Progress, consent: Consent | None
) -> int:
    """The candidates as their sources give them; return how many."""
    schema = table.schema(ASKED | table.LISTED_COLUMNS | plan.metadata_columns())
    rows, count = itertools.islice(_rows(plan, consent), limit), 0
    with pq.ParquetWriter(path, schema) as writer:
        while batch := list(itertools.islice(rows, BATCH)):
            columns = [pa.array([row.get(f.name) for row in batch], f.type) for f in schema]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            count += len(batch)
            progress.rows(len(batch))
    return count


def _rows(plan: Plan, consent: Consent | None) -> Iterator[dict[str, Any]]:
    for name, source in plan.sources.items():
        uploaders = consent if private.named(source.columns()) else None
        for candidate in source.candidates():
            span = (candidate.start_s, candidate.end_s)
            what = [name, source.version, candidate.uri, *span, candidate.stamp]
            yield {
                "key": digest(what),
                "source": name,
                "source_uri": candidate.uri,
                "locator": candidate.locator,
                "asked_start_s": candidate.start_s,
                "asked_end_s": candidate.end_s,
                "stamp": candidate.stamp,
                "license": licenses.spdx(candidate.license),
                "license_text": candidate.license,
                **candidate.metadata,
                **(uploaders.listed(candidate) if uploaders else {}),
            }
