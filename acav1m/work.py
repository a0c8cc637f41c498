"""The work folder: what a build has found out so far, so that it can go on after a kill."""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from typing import IO, TYPE_CHECKING, Any, Self

from acav1m.engines import Part
from acav1m.engines.journal import Journal
from acav1m.errors import AcavError
from acav1m.plan import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from acav1m.engines import Row


MARKER = "acav1m.lock"
"""Locked by the build under way, and the sign that a folder is ours."""

OWN_FILES = ("listing.parquet", "listing.unfinished", "listing.sorted", "build.jsonl", MARKER)
"""All that can be there before anything is found out."""


class Work:
    """Holds stores (committed results), parts in flight, the ledger, and a log of events.

    One build at a time: the lock is the kernel's and goes with the process, however it ends.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scratch = folder / "scratch"
        self.gate = folder / "gate"
        """How hosts are asked; outlives builds, for a host that was asked too often remembers."""
        self.consent = folder / "consent"
        """What opt-out lists name, and the salt that uploaders are hashed with."""
        self.listing = folder / "listing.parquet"
        self.ledger = folder / "ledger.parquet"
        self._lock: IO[bytes] | None = None

    def __enter__(self) -> Self:
        """Take the folder for this build.

        Raises:
            AcavError: It cannot be written, or another build has it.
        """
        marker = self.folder / MARKER
        try:
            if self.folder.exists() and any(self.folder.iterdir()) and not marker.exists():
                raise AcavError(f"--work {self.folder}: is not empty and no work folder of ours")
            self.scratch.mkdir(parents=True, exist_ok=True)
            self._lock = marker.open("ab")
        except OSError as error:
            raise AcavError(f"work folder {self.folder}: {error.strerror}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise AcavError(f"work folder {self.folder}: another build is using it") from error
        return self

    def __exit__(self, *_: object) -> None:
        """Give the folder back; one in which nothing was found out goes."""
        if not (self.folder / "store").exists() and not self.ledger.exists():
            shutil.rmtree(self.scratch)
            for name in OWN_FILES:
                (self.folder / name).unlink(missing_ok=True)
            for inside in (self.gate, self.consent):
                shutil.rmtree(inside, ignore_errors=True)
            self.folder.rmdir()
        if self._lock:
            self._lock.close()

    def store(self, label: str, key: str) -> Path:
        """Folder of the results of one stage or step under one cache key."""
        return self.folder / "store" / f"{label}-{key}"

    def event(self, name: str, **facts: Any) -> None:
        """Add a line to `build.jsonl`, the story of all builds in this folder."""
        line = {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "event": name, **facts}
        with (self.folder / "build.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def parts(
        self,
        job: Mapping[str, Any],
        rows: Iterable[Row],
        size: int,
        *,
        together: Callable[[Row], Any] | None = None,
        again: Callable[[Row], bool] = lambda _: False,
    ) -> Iterator[Part]:
        """Put rows into parts of `size`, and pick up parts that a killed build left in flight.

        `rows` have a unique `key`; parts are named by what is in them. Only the rows of parts in
        flight are held in memory. Neighbours for which `together` gives the same stay in one part,
        however many. Of parts in flight, rows with a result for which `again` holds are done anew.
        """
        folder = self.scratch / digest(job)
        in_flight = {path: _rows(path) for path in sorted(folder.glob("*.part"))}
        for path in in_flight:
            Journal(path.with_suffix(".journal")).forget(again)
        theirs = {row["key"] for rows in in_flight.values() for row in rows}
        waiting: dict[str, Row] = {}
        for chunk in _chunks(_new(rows, theirs, waiting), size, together):
            yield self._part(folder, job, chunk)
        for path, left in in_flight.items():
            if all(waiting.get(row["key"]) == row for row in left):
                yield Part(path.stem, path, len(left))
                for row in left:
                    del waiting[row["key"]]
        for chunk in _chunks(waiting.values(), size, together):
            yield self._part(folder, job, chunk)

    def finished(self, part: Part) -> None:
        """Forget what only a part in flight needs."""
        part.path.unlink()
        part.path.with_suffix(".journal").unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove the remains of parts that nothing continues, once all stages are through."""
        shutil.rmtree(self.scratch)
        self.scratch.mkdir()

    def _part(self, folder: Path, job: Mapping[str, Any], rows: list[Row]) -> Part:
        folder.mkdir(parents=True, exist_ok=True)
        name = digest(rows)
        path = folder / f"{name}.part"
        content = {
            "id": name,
            "job": job,
            "journal": str(path.with_suffix(".journal")),
            "rows": rows,
        }
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        unfinished.replace(path)
        return Part(name, path, len(rows))


def _rows(part: Path) -> list[Row]:
    rows: list[Row] = json.loads(part.read_text(encoding="utf-8"))["rows"]
    return rows


def _new(rows: Iterable[Row], known: set[str], waiting: dict[str, Row]) -> Iterator[Row]:
    """Rows whose key is not known; the others are put aside."""
    for row in rows:
        if row["key"] in known:
            waiting[row["key"]] = row
        else:
            yield row


def _chunks(
    rows: Iterable[Row], size: int, together: Callable[[Row], Any] | None
) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in rows:
        if len(chunk) >= size and not (together and together(chunk[-1]) == together(row)):
            yield chunk
            chunk = []
        chunk.append(row)
    if chunk:
        yield chunk
