"""Look at one source: over the network, or below a folder of this disk."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from acav1m.availability.verdict import Facts, columns, judged, of_error, recorded
from acav1m.errors import ClipError
from acav1m.media.probe import checksum
from acav1m.sources.files import Files
from acav1m.stages import media
from acav1m.steps import Candidate, RemoteSource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from acav1m.engines import Row
    from acav1m.net.network import Network
    from acav1m.steps import Sighting, Source

PART = "perhaps only a part of it was recorded, so its bytes are not compared"


@dataclass(frozen=True)
class Looker:
    """How sources are looked at."""

    sources: Mapping[str, Source | None]
    """By their names; None for one of another package, or that its uris do not lead to."""

    scratch: Path
    whole: bool = False
    """Whether to fetch all bytes and compare them."""

    root: Path | None = None
    """Below which the files of a source `files` lie."""

    holders: dict[str, Sighting | ClipError | None] = field(default_factory=dict)
    """What was said of files that hold the media of several sources, or why nothing was."""

    def unasked(self, row: Row) -> Row | None:
        """What is said of a source that is not looked at, None for the others."""
        source = self.sources.get(row["source"])
        if row["recorded_error_kind"] == "opted_out":
            return _not_checked("opted_out", "its owner asked not to be in datasets")
        if isinstance(source, Files):
            why = "lies on the disk of whoever built it; --root says where it lies here"
            return None if self.root else _not_checked("no_root", why)
        if source is None or isinstance(source, RemoteSource):
            why = f"what {row['source']} says of it does not lead to it"
            return _not_checked("no_way", why) if self._where(row) is None else None
        return {"state": "not_applicable", "kind": "made", "message": "is made by the build itself"}

    def remote(self, row: Row) -> bool:
        """Whether the network is asked."""
        asked = self.unasked(row) is None
        return asked and isinstance(self.sources[row["source"]], RemoteSource)

    def found(self, row: Row, network: Network | None, alive: Callable[[], None]) -> Row:
        """What is found of a source, as columns.

        Raises:
            AcavError: The user must act, or it is us who are refused.
        """
        try:
            if network is None:
                assert self.root is not None
                return _settled(row, _on_disk(self.root / row["uri"], row, alive))
            return self._over(network, row, alive)
        except ClipError as error:
            return failed(error)

    def _where(self, row: Row) -> str | None:
        """What is asked for; None where nothing leads there."""
        source = self.sources.get(row["source"])
        if not isinstance(source, RemoteSource) or source.found_by is None:
            return None
        where: str | None = row["uri" if source.found_by == "source_uri" else "recorded_url"]
        return where

    def _over(self, network: Network, row: Row, alive: Callable[[], None]) -> Row:
        source, where = self.sources[row["source"]], self._where(row)
        assert isinstance(source, RemoteSource)
        assert where is not None
        if self.whole and _is_comparable(source, row):
            return _settled(row, *self._brought(source, where, network, alive))
        seen = self._seen(source, where, network, alive)
        if seen is None:
            return _not_checked("no_look", "nobody can be asked for it without fetching it")
        facts = Facts(None, seen.bytes, seen.etag, seen.last_modified, seen.duration_s)
        found = _settled(row, facts, seen.url)
        if self.whole:
            found["message"] = "; ".join(filter(None, [found["message"], PART]))
        return found

    def _seen(
        self, source: RemoteSource, where: str, network: Network, alive: Callable[[], None]
    ) -> Sighting | None:
        """What is said of media; of a file that holds many it is asked once."""
        if source.found_by == "source_uri":
            return source.look(where, network, alive)
        if where not in self.holders:
            self.holders[where] = _said(source, where, network, alive)
        said = self.holders[where]
        if isinstance(said, ClipError):
            raise said
        return said

    def _brought(
        self, source: RemoteSource, uri: str, network: Network, alive: Callable[[], None]
    ) -> tuple[Facts, Any]:
        """Fetch all of it, and keep nothing but what it is."""
        media.check_room(self.scratch)
        with TemporaryDirectory(dir=self.scratch) as folder:
            came = source.bring([Candidate(uri, uri)], Path(folder), network, alive)
            said: Mapping[str, Any] = came.facts
            named = {name: said.get(f"fetched_{name}") for name in ("etag", "last_modified")}
            facts = Facts(*checksum(came.path, alive), **named)
        return facts, said.get("fetched_url")


def _said(
    source: RemoteSource, where: str, network: Network, alive: Callable[[], None]
) -> Sighting | ClipError | None:
    """What is said of a file, or why nothing is.

    Raises:
        FetchError: It may mean us: to ask again for the next source may tell.
    """
    try:
        return source.look(where, network, alive)
    except ClipError as error:
        if getattr(error, "us", False):
            raise
        return error


def _is_comparable(source: RemoteSource, row: Row) -> bool:
    """Whether all its bytes are what was recorded, or nothing was."""
    if source.found_by != "source_uri":  # it lies inside the file that is looked at
        return False
    unrecorded = row["recorded_sha256"] is None and row["recorded_duration_s"] is None
    return unrecorded or source.is_brought_whole(row["recorded_duration_s"])


def _not_checked(kind: str, why: str) -> Row:
    return {"state": "not_checked", "kind": kind, "message": why}


def failed(error: ClipError) -> Row:
    """The columns of a source that could not be had."""
    return {
        "state": of_error(error),
        "kind": error.kind,
        "message": error.message,
        "attempts": getattr(error, "attempts", None),
    }


def _settled(row: Row, found: Facts, url: Any = None) -> Row:
    differing, compared = judged(recorded(row), found)
    told = {
        "state": "changed" if differing else "available",
        "kind": ", ".join(differing) or None,
        "message": "; ".join(differing.values()) or None,
        "compared": compared,
        "found_url": url,
    }
    return told | columns(found, "found_")


def _on_disk(path: Path, row: Row, alive: Callable[[], None]) -> Facts:
    """The file; its bytes are read only where its size is the recorded one.

    Raises:
        ClipError: There is no such file, or it cannot be read.
    """
    try:
        there = path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # of a NUL in the name
        raise ClipError("missing", f"no such file below --root: {row['uri']}") from error
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
        raise ClipError("unreadable", why, transient=True) from error
    if not stat.S_ISREG(there.st_mode):
        raise ClipError("not_media", "is not a regular file")
    if row["recorded_bytes"] not in (None, there.st_size):
        return Facts(bytes=there.st_size)
    return Facts(*checksum(path, alive))
