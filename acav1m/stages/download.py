"""Get each candidate's media and cut it into verified clips."""

from __future__ import annotations

import hashlib
import re
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from acav1m import steps, table
from acav1m.consent.uploaders import Uploaders
from acav1m.errors import ClipError
from acav1m.media.cut import cut
from acav1m.media.probe import probe
from acav1m.media.remux import seekable
from acav1m.media.split import spans
from acav1m.recipe import Cut
from acav1m.stages import error_columns, lost, media, persistent
from acav1m.stages.fetch import FetchFailed, Fetching
from acav1m.steps import Candidate
from acav1m.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from acav1m.engines import Row
    from acav1m.media.probe import Probe
    from acav1m.steps import Fetched, Source

OWN: dict[str, Any] = {"key": str, "candidate": str, "media": str, "uploader_marks": list[str]}
"""Columns that only serve the work folder."""

SCHEMA = table.schema(OWN | table.CUT_COLUMNS | table.ERROR_COLUMNS)
"""What the stage stores: a row per clip, or one for a candidate that failed.

`uploader_marks` are hashes of all names of its uploader that an opt-out list may hold.
"""


class Download:
    """The job: a candidate in, a row per clip out; media lies beside the store's tables."""

    def __init__(
        self,
        sources: Mapping[str, Mapping[str, Any]],
        cut: Mapping[str, Any],
        store: str,
        scratch: str,
        network: Mapping[str, Any] | None = None,
    ) -> None:
        self.sources: dict[str, Source] = {
            name: steps.load("sources", name).model_validate(options)  # type: ignore[misc]
            for name, options in sources.items()
        }
        self.how = Cut.model_validate(cut)
        self.store = Store(Path(store), SCHEMA, by="candidate")
        self.store.folder.mkdir(parents=True, exist_ok=True)
        self.scratch = Path(scratch)
        self.fetching: Fetching | None = None
        if network is not None:
            fetched, gate = self.scratch / "fetched", Path(network["gate"])
            uploaders = Uploaders(Path(network["consent"])) if "consent" in network else None
            self.fetching = Fetching(self.sources, fetched, gate, network["options"], uploaders)

    def ahead(self, part_id: str, rows: list[Row]) -> None:
        """Have fetched from now on what these rows need."""
        if self.fetching is not None:
            self.fetching.begin(part_id, rows)

    def ready(self, rows: Mapping[int, Row], alive: Callable[[], None]) -> int:
        """Take first whose media is there, so that a slow server holds up its own rows only."""
        return next(iter(rows)) if self.fetching is None else self.fetching.ready(rows, alive)

    def run(self, row: Row, alive: Callable[[], None]) -> list[Row]:
        """Fetch, probe, split and cut one candidate.

        Where `partly` says that it has sound clips by now, a try that brings none changes nothing.
        """
        media.check_room(self.store.folder)
        results = self._clips(row, alive)
        if not any(one.get("media") for one in results):
            results = self._before(row) or results
        if self.fetching is not None:
            self.fetching.done(row)
        return results

    def _clips(self, row: Row, alive: Callable[[], None]) -> list[Row]:
        candidate = Candidate(**row["candidate"])
        base = begun(row["key"], candidate)
        try:
            with TemporaryDirectory(dir=self.scratch) as scratch:
                fetched = self._fetched(row, candidate, Path(scratch), alive)
                alive()
                found = probe(fetched.path, alive)
                base |= _facts(found, fetched.video_id) | dict(fetched.facts)
                span = [
                    None if s is None else s - fetched.offset_s
                    for s in (candidate.start_s, candidate.end_s)
                ]
                asked = spans(fetched.path, found, span[0], span[1], self.how, alive)
                source_path, found = seekable(fetched.path, found, Path(scratch), alive)
                results = []
                for start_s, end_s in asked:
                    span_s = (start_s, end_s, fetched.offset_s)
                    made = self._clip(source_path, found, span_s, base, alive)
                    results.append(base | made)
                    alive()
                return results
        except FetchFailed as error:
            return [base | error.facts | error_columns("download", error)]
        except ClipError as error:
            return [base | error_columns("download", error)]

    def _fetched(
        self, row: Row, candidate: Candidate, scratch: Path, alive: Callable[[], None]
    ) -> Fetched:
        """The media: fetched over the network by now, or a file of this disk."""
        source = self.sources[row["source"]]
        if source.is_remote and self.fetching is not None:
            return self.fetching.wait(row, alive)
        return persistent(partial(source.fetch, candidate, scratch))

    def lost(self, row: Row, kind: str, reason: str) -> list[Row]:
        """The row of a candidate that took its worker down."""
        if self.fetching is not None:
            self.fetching.done(row)
        candidate = Candidate(**row["candidate"])
        failed = begun(row["key"], candidate) | error_columns("download", lost(kind, reason))
        return self._before(row) or [failed]

    def _before(self, row: Row) -> list[Row]:
        """What was stored of a candidate that has sound clips; nothing of any other."""
        if not row.get("partly"):
            return []
        stored = self.store.read()
        return stored.filter(pc.equal(stored["candidate"], row["key"])).to_pylist()  # type: ignore[no-any-return]

    def commit(self, part_id: str, results: list[Row]) -> None:
        """Store the part."""
        self.store.commit(part_id, pa.Table.from_pylist(results, schema=self.store.schema))
        if self.fetching is not None:
            self.fetching.end(part_id)

    def _clip(
        self,
        source: Path,
        found: Probe,
        span_s: tuple[float, float, float],
        base: Row,
        alive: Callable[[], None],
    ) -> Row:
        """Cut one clip: where it begins and ends in the file, and where that begins."""
        in_file_s, until_s, offset_s = span_s
        start_s, end_s = (round(s + offset_s, 6) for s in (in_file_s, until_s))
        clip_id = f"{base['video_id']}_{round(start_s * 1000)}_{round(end_s * 1000)}"
        row: Row = {
            "key": f"{base['candidate']}-{round(start_s * 1000)}",
            "clip_id": clip_id,
            "start_s": start_s,
            "end_s": end_s,
        }
        try:
            made, files = media.keep(
                self.store.folder,
                base["candidate"],
                clip_id,
                lambda stem: cut(source, found, in_file_s, until_s, stem, self.how, alive),
            )
        except ClipError as error:
            return row | error_columns("download", error)
        return row | {
            "start_s": round(made.start_s + offset_s, 6),
            "end_s": round(made.end_s + offset_s, 6),
            "duration_s": round(made.end_s - made.start_s, 6),
            "cut_shift_s": round(made.start_s - in_file_s, 6),
            "cut_skew_s": made.cut_skew_s,
            "decode_errors": made.decode_errors,
            **files,
        }


def begun(key: str, candidate: Candidate) -> Row:
    """What is known before any media is there; a failed row's id comes from its uri."""
    uri = hashlib.sha256(candidate.uri.encode()).hexdigest()[:16]
    span = (candidate.start_s, candidate.end_s)
    times = "".join(f"_{round(s * 1000)}" for s in span if s is not None)
    return {
        "key": key,
        "candidate": key,
        "clip_id": f"uri-{uri}{times}",
        "start_s": candidate.start_s,
        "end_s": candidate.end_s,
    }


def _facts(found: Probe, video_id: str | None) -> Row:
    if video_id is not None and not re.fullmatch(r"[A-Za-z0-9_-]+", video_id):
        raise ClipError("bad_id", f"the source gives the id {video_id!r}, not usable in a tar")
    return {
        "video_id": video_id or found.sha256[:16],
        "source_sha256": found.sha256,
        "source_bytes": found.bytes,
        "source_format": found.format,
        "source_duration_s": round(found.duration_s, 6),
        "source_declared_duration_s": found.declared_duration_s,
        "source_width_px": found.width_px,
        "source_height_px": found.height_px,
        "source_fps": float(found.fps),
        "source_video_codec": found.video_codec,
        "source_audio_codec": found.audio_codec,
        "source_audio_rate_hz": found.audio_rate_hz,
        "source_audio_channels": found.audio_channels,
    }
