"""Videos on this disk: a folder, a glob, or a list of files and times."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from acav1m.errors import AcavError, ClipError
from acav1m.sql import connect, quoted
from acav1m.steps import Candidate, Columns, Fetched, Source

LISTS = {".csv": "read_csv", ".tsv": "read_csv", ".jsonl": "read_json", ".parquet": "read_parquet"}
UNFINISHED = (".part", ".crdownload", ".ytdl", ".download")
OWN = ("path", "start_s", "end_s", "license")
BATCH = 1000


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
        if root.suffix not in LISTS or not root.is_file():
            return {}
        from acav1m.table import column_type

        found = {name: column_type(kind) for name, kind in _schema(root).items()}
        if "path" not in found:
            raise AcavError(f"{root}: has no column 'path'; its columns are {', '.join(found)}")
        wrong = sorted(name for name, kind in found.items() if kind is None)
        if wrong:
            raise AcavError(f"{root}: column '{wrong[0]}' is neither text, numbers nor lists")
        return {name: kind for name, kind in found.items() if name not in OWN}

    def candidates(self) -> Iterator[Candidate]:
        """Stream files in the order of their names, or rows in the order of the list."""
        root = Path(self.path)
        if root.is_dir():
            found = self._below(root)
        elif root.suffix in LISTS and root.is_file():
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
        if not path.exists():
            raise ClipError("missing", f"no such file: {candidate.uri}")
        if not path.is_file():
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
        for name in sorted(glob.glob(self.path, recursive=True)):  # noqa: PTH207 - absolute globs
            path = Path(name)
            if path.is_file():
                yield self._file(path, path.relative_to(root).as_posix())

    def _listed(self, path: Path) -> Iterator[Candidate]:
        self.columns()
        with connect([path.parent]) as connection:
            rows = connection.execute(f"SELECT * FROM {_reader(path)}")
            names = [column[0] for column in rows.description]
            while batch := rows.fetchmany(BATCH):
                for values in batch:
                    yield self._row(path, dict(zip(names, values, strict=True)))

    def _row(self, listed_in: Path, row: dict[str, Any]) -> Candidate:
        if not row["path"]:
            raise AcavError(f"{listed_in}: a row has no path")
        path = (listed_in.parent / row["path"]).absolute()
        inside = path.is_relative_to(listed_in.parent.absolute())
        uri = path.relative_to(listed_in.parent.absolute()).as_posix() if inside else path.name
        start_s, end_s = row.get("start_s"), row.get("end_s")
        if start_s is not None and end_s is not None and not 0 <= start_s < end_s:
            raise AcavError(f"{listed_in}: {row['path']}: start_s {start_s} and end_s {end_s}")
        return Candidate(
            uri=uri,
            locator=str(path),
            start_s=None if start_s is None else float(start_s),
            end_s=None if end_s is None else float(end_s),
            stamp=_stamp(path),
            license=row.get("license") or self.license,
            metadata={name: _plain(value) for name, value in row.items() if name not in OWN},
        )

    def _file(self, path: Path, uri: str) -> Candidate:
        return Candidate(uri, str(path.absolute()), stamp=_stamp(path), license=self.license)


def _plain(value: Any) -> Any:
    """A number of any width as JSON holds it; decimals become float."""
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return float(value) if isinstance(value, Decimal) else value


def _stamp(path: Path) -> str:
    """Changes with the content, without reading it."""
    if not path.exists():
        return ""
    stat = path.stat()
    return f"{stat.st_size}-{stat.st_mtime_ns}"


def _reader(path: Path) -> str:
    return f"{LISTS[path.suffix]}({quoted(str(path))})"


def _schema(path: Path) -> dict[str, Any]:
    import duckdb

    try:
        with connect([path.parent]) as connection:
            table = connection.sql(f"SELECT * FROM {_reader(path)} LIMIT 0").to_arrow_table()
    except duckdb.Error as error:
        raise AcavError(f"{path}: is not a readable list: {str(error).splitlines()[0]}") from error
    return dict(zip(table.schema.names, table.schema.types, strict=True))
