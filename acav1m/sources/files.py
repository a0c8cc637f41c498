"""Videos on this disk: a folder, a glob, or a list of files and times."""

from __future__ import annotations

import glob
import math
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from acav1m.errors import AcavError, ClipError
from acav1m.sources._lists import TYPED, columns, is_list, rows
from acav1m.steps import Candidate, Columns, Fetched, Source

UNFINISHED = (".part", ".crdownload", ".ytdl", ".download")


class Files(Source):
    """Offer the videos of a folder, a glob, or a list with their times.

    `path` is a folder (every file below it is an input, whatever its name), a glob such as
    `videos/**/*.mp4`, or a list in CSV, TSV, JSONL or Parquet. A list has a column `path`
    (relative to the list), may have `start_s` and `end_s` in seconds and `license`, and every
    further column becomes metadata. `pattern` narrows a folder down; `license` holds for all
    files that name none.
    """

    example: ClassVar[dict[str, Any]] = {"path": "."}

    path: str
    pattern: str = "**/*"
    license: str | None = None

    def columns(self) -> Columns:
        """The list's further columns; a folder has none."""
        root = Path(self.path)
        if not is_list(root):
            return {}
        return {name: kind for name, kind in columns(root).items() if name not in TYPED}

    def candidates(self) -> Iterator[Candidate]:
        """Stream files in the order of their names, or rows in the order of the list."""
        root = Path(self.path)
        if root.is_dir():
            found = self._below(root)
        elif is_list(root):
            found = self._listed(root)
        elif glob.has_magic(self.path):
            found = self._matching()
        else:
            raise AcavError(f"sources.files.path: {root} is neither a folder nor a list nor a glob")
        empty = True
        for candidate in found:
            empty = False
            yield candidate
        if empty:
            raise AcavError(f"sources.files.path: {self.path} holds no files")

    def fetch(self, candidate: Candidate, folder: Path) -> Fetched:
        """The file itself; nothing is copied."""
        path = Path(candidate.locator)
        found = _stat(path)
        if found is None:
            raise ClipError("missing", f"no such file: {candidate.uri}")
        if not stat.S_ISREG(found.st_mode):
            raise ClipError("not_media", "is not a regular file")
        if path.suffix in UNFINISHED:
            raise ClipError("unfinished", f"its name ends in {path.suffix}: an unfinished download")
        return Fetched(path)

    def _below(self, root: Path) -> Iterator[Candidate]:
        for path in sorted(p for p in root.glob(self.pattern) if p.is_file()):
            yield self._file(path, path.relative_to(root).as_posix())

    def _matching(self) -> Iterator[Candidate]:
        fixed = Path(glob.escape(self.path).partition("[")[0])
        root = fixed if fixed.is_dir() else fixed.parent
        pattern = str(Path(self.path).relative_to(root))
        for path in sorted(p for p in root.glob(pattern) if p.is_file()):
            yield self._file(path, path.relative_to(root).as_posix())

    def _listed(self, path: Path) -> Iterator[Candidate]:
        for row in rows(path):
            yield self._row(path, row)

    def _row(self, listed_in: Path, row: dict[str, Any]) -> Candidate:
        if not row["path"]:
            raise AcavError(f"{listed_in}: a row has no path")
        folder = Path(os.path.abspath(listed_in.parent))  # noqa: PTH100 - links stay as they are
        path = Path(os.path.abspath(folder / row["path"]))  # noqa: PTH100
        start_s, end_s = row.get("start_s"), row.get("end_s")
        if not 0 <= (start_s or 0) < (math.inf if end_s is None else end_s):
            raise AcavError(f"{listed_in}: {row['path']}: start_s {start_s} and end_s {end_s}")
        return Candidate(
            uri=_uri(row["path"], path, folder),
            locator=str(path),
            start_s=start_s,
            end_s=end_s,
            stamp=_stamp(path),
            license=row.get("license") or self.license,
            metadata={name: value for name, value in row.items() if name not in TYPED},
        )

    def _file(self, path: Path, uri: str) -> Candidate:
        return Candidate(uri, str(path.absolute()), stamp=_stamp(path), license=self.license)


def _uri(written: str, path: Path, folder: Path) -> str:
    """How the list names a file; of an absolute path elsewhere, nothing but the name."""
    if path.is_relative_to(folder):
        return path.relative_to(folder).as_posix()
    return path.name if Path(written).is_absolute() else Path(os.path.normpath(written)).as_posix()


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
