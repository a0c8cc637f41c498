"""Read opt-out lists: plain text, CSV, TSV, JSONL or Parquet, of this disk or the web."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import duckdb

from acav1m.consent import entries, places
from acav1m.consent.marks import is_url
from acav1m.errors import AcavError
from acav1m.media import sniff
from acav1m.net.outcome import FetchError
from acav1m.net.part import Part
from acav1m.sql import connect, first_line, identifier, quoted

if TYPE_CHECKING:
    from pathlib import Path

    from acav1m.consent.marks import Mark
    from acav1m.net.http import Fetcher

TABLES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
BATCH = 10_000


@dataclass(frozen=True)
class List:
    """One list as it is on this disk now."""

    name: str
    """What people may be told: the last part of a path, or an address without its query."""

    place: str
    """Where it stands in the recipe."""

    path: Path
    sha256: str

    def entries(self) -> Iterator[tuple[Mark, ...]]:
        """What each entry names, as it stands.

        Raises:
            AcavError: An entry cannot be understood; nothing of the list is passed over.
        """
        rows = self._table() if self._is_table() else self._lines()
        for number, (kind, text) in enumerate(rows, 1):
            try:
                yield tuple(entries.read(kind, text))
            except ValueError as error:
                raise self._wrong(f"entry {number}: {error}") from error

    def _is_table(self) -> bool:
        """A table of one column is as good as lines of text, with or without a name above."""
        if self.path.suffix not in (".csv", ".tsv"):
            return self.path.suffix in TABLES
        first = next(self._text(), "")
        return ("\t" if self.path.suffix == ".tsv" else ",") in first

    def _lines(self) -> Iterator[tuple[str, str]]:
        kind = "any"
        for at, line in enumerate(self._text()):
            named = entries.COLUMNS.get(line.lower()) if at == 0 else None
            if named:
                kind = named
                continue
            yield kind, line.strip('"')

    def _text(self) -> Iterator[str]:
        """Lines that are neither empty nor comments."""
        try:
            with self.path.open(encoding="utf-8-sig") as file:
                for line in file:
                    text = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
                    if text:
                        yield text
        except UnicodeDecodeError as error:
            raise self._wrong("is no text in UTF-8, nor a .parquet file") from error

    def _table(self) -> Iterator[tuple[str, str]]:
        try:
            with connect([self.path.parent], spill=self.path.parent) as connection:
                yield from self._rows(connection)
        except duckdb.Error as error:
            raise self._wrong(f"is not a readable list: {first_line(error)}") from error

    def _rows(self, connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
        kinds = self._kinds(connection)
        columns = ", ".join(f"trim({identifier(name)}::VARCHAR)" for name in kinds)
        cursor = connection.execute(f"SELECT {columns} FROM {self._reader()}")
        while batch := cursor.fetchmany(BATCH):
            for row in batch:
                for kind, text in zip(kinds.values(), row, strict=True):
                    if text:
                        yield kind, text

    def _kinds(self, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
        """The columns that have a meaning, with it."""
        found = connection.execute(f"DESCRIBE SELECT * FROM {self._reader()}").fetchall()
        names = [str(name) for name, *_ in found]
        try:
            kinds = {name: kind for name in names if (kind := entries.meaning(name))}
        except ValueError as error:
            raise self._wrong(str(error)) from error
        if not kinds and len(names) == 1:
            return {names[0]: "any"}
        if not kinds:
            raise self._wrong(
                f"has the columns {', '.join(names)}, and none of id, url, channel, domain, sha256"
            )
        return kinds

    def _reader(self) -> str:
        path = quoted(str(self.path))
        match self.path.suffix:
            case ".parquet":
                return f"read_parquet({path})"
            case ".jsonl" | ".ndjson":
                return f"read_json({path}, format = 'newline_delimited', sample_size = -1)"
        between = "\\t" if self.path.suffix == ".tsv" else ","
        quotes = "quote = '\"', escape = '\"', comment = '#'"
        options = f"delim = '{between}', {quotes}, all_varchar = true, header = true"
        return f"read_csv({path}, {options})"

    def _wrong(self, what: str) -> AcavError:
        return AcavError(f"{self.place}: {self.name} {what}")


def had(given: tuple[str, ...], folder: Path, fetcher: Fetcher) -> Iterator[List]:
    """Have every list of a recipe on this disk; those of the web are fetched into a folder.

    Raises:
        AcavError: One cannot be had.
    """
    for number, one in enumerate(given):
        place = f"consent.opt_out[{number}]"
        if is_url(one):
            path = _fetched(place, one, folder / str(number), fetcher)
            name = one.partition("?")[0].partition("#")[0]
        else:
            path = places.local(one)
            name = path.name
        yield List(name, place, path, _sha256(place, path))


def _fetched(place: str, url: str, folder: Path, fetcher: Fetcher) -> Path:
    """The list as it is now; one that was fetched for an earlier build may be out of date."""
    folder.mkdir(parents=True, exist_ok=True)
    suffix = PurePosixPath(unquote(urlsplit(url).path)).suffix.lower()
    path = folder / f"list{suffix if suffix in TABLES else '.txt'}"
    part = Part(folder / "new", url)
    part.is_media = False
    try:
        got = fetcher.fetch(url, folder / "new", part=part)
    except FetchError as error:
        raise AcavError(
            f"{place}: {url.partition('?')[0]} cannot be had: {error.message}"
        ) from error
    with got.path.open("rb") as file:
        head = file.read(512)
    if sniff.is_page(head) or not head:
        what = "is a web page, not a list" if head else "is empty"
        raise AcavError(f"{place}: {url.partition('?')[0]} {what}")
    return got.path.replace(path)


def _sha256(place: str, path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise AcavError(f"{place}: {path}: {error.strerror}") from error
