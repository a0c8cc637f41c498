"""Videos on this disk: a folder, a glob, or a list of files and times."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from acav1m.errors import AcavError, ClipError
from acav1m.sources import _names as names
from acav1m.sources import _walk
from acav1m.sources._lists import columns, is_list, metadata, rows, span
from acav1m.steps import Candidate, Columns, Fetched, Source

UNFINISHED = (".part", ".crdownload", ".ytdl", ".download")


class Files(Source):
    """Offer the videos of a folder, a glob, or a list with their times.

    `path` is a folder, a glob such as `videos/**/*.mp4`, or a list in CSV, TSV, JSONL or Parquet.
    A relative one counts from the folder in which the command is run, `~` is your home.

    Everything below a folder is an input, whatever its name: linked folders are followed (not
    back into themselves), and a link that leads nowhere ends as a failed clip. A list has a
    column `path` (relative to the list), may have `start_s` and `end_s` in seconds and
    `license`, and every further column becomes metadata. `pattern` narrows a folder down;
    `license` holds for all files that name none.
    """

    example: ClassVar[dict[str, Any]] = {"path": "."}

    path: str
    pattern: str = "**/*"
    license: str | None = None

    def columns(self) -> Columns:
        """The list's further columns; a folder has none."""
        place = self._place()
        if not is_list(place):
            return {}
        return metadata(columns(place))

    def root(self) -> Path | None:
        """The folder, or what a glob looks below; a list reads what it names and no more."""
        place = self._place()
        return None if is_list(place) else self._split(place)[0]

    def published(self) -> dict[str, Any]:
        """Its identity with the last name of `path` only."""
        options = {**self.model_dump(mode="json"), "path": self._place().name}
        return {**self.identity(), "options": options}

    def candidates(self) -> Iterator[Candidate]:
        """Stream files in the order of their names, or rows in the order of the list."""
        place = self._place()
        if is_list(place):
            found = self._listed(place)
        elif place.is_dir() or glob.has_magic(str(place)):
            found = self._below(*self._split(place))
        else:
            what = "neither a folder nor a list nor a glob"
            raise AcavError(f"sources.files.path: {names.text(place)} is {what}")
        empty = True
        for candidate in found:
            empty = False
            yield candidate
        if empty:
            raise AcavError(
                f"sources.files.path: {names.text(place)} holds no files{self._which()}"
            )

    def fetch(self, candidate: Candidate, folder: Path) -> Fetched:
        """The file itself; nothing is copied."""
        path = names.located(candidate.locator)
        found = _stat(path)
        if found is None:
            raise ClipError("missing", f"no such file: {candidate.uri}")
        if not stat.S_ISREG(found.st_mode):
            raise ClipError("not_media", "is not a regular file")
        if path.suffix in UNFINISHED:
            raise ClipError("unfinished", f"its name ends in {path.suffix}: an unfinished download")
        if not names.is_text(path):
            return Fetched(names.under_a_plain_name(path, folder))
        return Fetched(path)

    def _place(self) -> Path:
        """Where `path` leads, from the root of the disk."""
        return _absolute(Path(os.path.expanduser(self.path)))  # noqa: PTH111 - not all have a home

    def _split(self, place: Path) -> tuple[Path, Sequence[str]]:
        """The folder that is looked through, and the pattern of what is looked for."""
        if place.is_dir():
            return place, Path(self.pattern).parts
        fixed = next((n for n, p in enumerate(place.parts) if glob.has_magic(p)), None)
        return Path(*place.parts[:fixed]), () if fixed is None else place.parts[fixed:]

    def _which(self) -> str:
        return f" that match '{self.pattern}'" if "pattern" in self.model_fields_set else ""

    def _below(self, root: Path, pattern: Sequence[str]) -> Iterator[Candidate]:
        for path in _walk.files(root, pattern):
            uri = names.text(path.relative_to(root))
            yield Candidate(uri, names.locator(path), stamp=_stamp(path), license=self.license)

    def _listed(self, path: Path) -> Iterator[Candidate]:
        for row in rows(path):
            yield self._row(path, row)

    def _row(self, listed_in: Path, row: dict[str, Any]) -> Candidate:
        if not row["path"]:
            raise AcavError(f"{listed_in}: a row has no path")
        folder = listed_in.parent
        path = _absolute(folder / row["path"])
        start_s, end_s = span(listed_in, row["path"], row)
        return Candidate(
            uri=names.uri(row["path"], path, folder),
            locator=names.locator(path),
            start_s=start_s,
            end_s=end_s,
            stamp=_stamp(path) + names.elsewhere(row["path"], path, folder),
            license=row.get("license") or self.license,
            metadata=metadata(row),
        )


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - links stay as they are


def _stat(path: Path) -> os.stat_result | None:
    """What the system says of a file, None if it is not there or cannot be."""
    try:
        return path.stat()
    except (OSError, ValueError):
        return None


def _stamp(path: Path) -> str:
    """Changes with the content, without reading it."""
    found = _stat(path)
    return f"{found.st_size}-{found.st_mtime_ns}" if found else ""
