"""Have media fetched before their turn comes, once for all candidates of a video.

What is fetched lies in a folder of the part, which outlives a worker: after a kill a download goes
on where it broke off, and one that was whole is not made again. It goes with its last clip.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from acav1m.errors import ClipError
from acav1m.net.host import Pace
from acav1m.net.limits import Limits
from acav1m.net.network import Network
from acav1m.net.pool import Pool
from acav1m.recipe import Network as Options
from acav1m.stages import media
from acav1m.steps import Candidate, Fetched, RemoteSource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from acav1m.consent.uploaders import Uploaders
    from acav1m.engines import Row
    from acav1m.steps import Source

SAID = "said.json"
"""Beside fetched media: what its source said of it, written when it is whole."""


class FetchFailed(ClipError):
    """A failure of the network, with what the ledger is told of it."""

    def __init__(self, error: ClipError, attempts: int, at: str) -> None:
        super().__init__(error.kind, error.message, transient=error.transient)
        self.facts = {"fetch_attempts": attempts, "fetch_error_at": at}


@dataclass
class _Errand:
    """One download, its key in the pool, and the keys of the rows that wait for it."""

    key: str
    source: RemoteSource
    folder: Path
    candidates: list[Candidate] = field(default_factory=list)
    rows: set[str] = field(default_factory=set)
    came: Fetched | FetchFailed | None = None


class Fetching:
    """The downloads of one worker, part after part."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        folder: Path,
        gate: Path,
        options: Mapping[str, Any],
        uploaders: Uploaders | None = None,
    ) -> None:
        how = Options.model_validate(options)
        self.sources = sources
        self.folder = folder
        self.network = network_of(gate, how)
        self.uploaders = uploaders
        if uploaders is not None and uploaders.book is not None:
            self.network.opted_out = uploaders.opted_out
        self._pool: Pool[Fetched] = Pool(how.at_once, how.ahead)
        self._waited: dict[str, _Errand] = {}
        """By the key of each row of the part that is not through."""

    def begin(self, part_id: str, rows: list[Row]) -> None:
        """Begin to fetch what these rows need, in their order."""
        errands: dict[str, _Errand] = {}
        for row in rows:
            source = self.sources[row["source"]]
            if isinstance(source, RemoteSource) and source.is_remote:
                candidate = Candidate(**row["candidate"])
                name = _name(row["source"], source, candidate)
                new = _Errand(f"{part_id}/{name}", source, self.folder / part_id / name)
                errand = self._waited[row["key"]] = errands.setdefault(name, new)
                errand.candidates.append(candidate)
                errand.rows.add(row["key"])
        for errand in errands.values():
            self._pool.start(errand.key, partial(self._bring, errand))

    def ready(self, rows: Mapping[int, Row], alive: Callable[[], None]) -> int:
        """The number of the first row whose media is there or of this disk; waits for one."""
        coming: dict[str, int] = {}
        for number, row in rows.items():
            errand = self._waited.get(row["key"])
            if errand is None or errand.came is not None:
                return number
            coming.setdefault(errand.key, number)
        return coming[self._pool.some(coming, alive)]

    def wait(self, row: Row, alive: Callable[[], None]) -> Fetched:
        """The media of one row, which must be of the part that was begun.

        Raises:
            ClipError: It cannot be had.
            AcavError: The user must act.
        """
        errand = self._waited[row["key"]]
        if errand.came is None:
            try:
                errand.came = self._pool.result(errand.key, alive)
            except FetchFailed as error:
                errand.came = error
        if isinstance(errand.came, FetchFailed):
            raise errand.came
        return errand.came

    def done(self, row: Row) -> None:
        """A row is through; the media goes with the last that needs it."""
        errand = self._waited.pop(row["key"], None)
        if errand is None:
            return
        errand.rows.discard(row["key"])
        if not errand.rows:
            self._pool.drop(errand.key)
            shutil.rmtree(errand.folder, ignore_errors=True)

    def end(self, part_id: str) -> None:
        """A part is committed."""
        shutil.rmtree(self.folder / part_id, ignore_errors=True)

    def _bring(self, errand: _Errand, alive: Callable[[], None]) -> Fetched:
        """Have one download made, unless it was made before a kill."""
        whole = _recalled(errand.folder)
        if whole is not None:
            return whole
        errand.folder.mkdir(parents=True, exist_ok=True)
        media.check_room(errand.folder)
        try:
            found = errand.source.bring(errand.candidates, errand.folder, self.network, alive)
        except ClipError as error:
            at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            raise FetchFailed(error, getattr(error, "attempts", 1), at) from error
        if self.uploaders is not None:
            found = self.uploaders.fetched(found)
        _remember(errand.folder, found)
        return found


def _name(label: str, source: RemoteSource, candidate: Candidate) -> str:
    """The same for all candidates that share a download, in every build."""
    what = [label, source.version, candidate.uri, source.errand(candidate)]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:32]


def network_of(gate: Path, how: Options) -> Network:
    """What sources speak to others with, as a recipe asks for it."""
    return Network(
        gate,
        Pace(how.connections, how.rate_per_s, stop_after=how.stop_after, pause_s=how.pause_s),
        Limits.of(how.max_bytes, how.max_s, how.idle_s, how.tries),
        allow_private=how.allow_private,
        respect_noai=how.respect_noai,
        user_agent=how.user_agent,
    )


def _remember(folder: Path, found: Fetched) -> None:
    said = {
        "name": found.path.relative_to(folder).as_posix(),
        "video_id": found.video_id,
        "offset_s": found.offset_s,
        "facts": dict(found.facts),
    }
    unfinished = folder / f"{SAID}.unfinished"
    unfinished.write_text(json.dumps(said), encoding="utf-8")
    unfinished.replace(folder / SAID)


def _recalled(folder: Path) -> Fetched | None:
    try:
        said = json.loads((folder / SAID).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    path = folder / said.pop("name")
    return Fetched(path, **said) if path.exists() else None
