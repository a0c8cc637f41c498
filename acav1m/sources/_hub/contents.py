"""What a repository of the Hub offers, whatever its files are."""

from __future__ import annotations

import json
import posixpath
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from acav1m.errors import AcavError, ClipError
from acav1m.sources import _fields, _lists, _pieces
from acav1m.sources._hub import parquet
from acav1m.sources._hub.client import OPTION, token_headers
from acav1m.sources._hub.row_groups import InGroup
from acav1m.sources._names import printable
from acav1m.sources._reading import OnServer
from acav1m.sources._tars import offers
from acav1m.steps import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from acav1m.net.http import Fetcher
    from acav1m.sources._hub.choice import Chosen
    from acav1m.sources._hub.repo import File, Repo

FILE_NAME = "file_name"
"""The column by which lists beside videos name them."""


class Shelf(NamedTuple):
    """An open repository, with what is wanted of it."""

    repo: Repo
    chosen: Chosen
    column: str | None
    license: str | None


def tars(shelf: Shelf, fetcher: Fetcher) -> Iterator[offers.Tar]:
    """Its tars."""
    for file in shelf.chosen.files():
        url = shelf.repo.url(file.path)
        opened = partial(OnServer, fetcher, url, token_headers())
        yield offers.Tar(shelf.repo.uri(file.path), url, opened)


def parquet_columns(shelf: Shelf, fetcher: Fetcher) -> dict[str, Any]:
    """The columns of its first Parquet file, less that of the videos."""
    for path in shelf.chosen.files():
        with closing(_reading(shelf, path, fetcher)) as reading:
            file = parquet.File(reading, _where(shelf, path))
            videos = parquet.video_column(file.schema, shelf.column, file.name)
            return {n: kind for n, kind in file.columns().items() if n != videos.name}
    return {}


def parquet_rows(
    shelf: Shelf, path: File, fetcher: Fetcher, columns: Mapping[str, Any]
) -> Iterator[Candidate]:
    """A candidate for each row of a Parquet file.

    Raises:
        AcavError: It cannot be read, or has no column of videos.
    """
    with closing(_reading(shelf, path, fetcher)) as reading:
        file = parquet.File(reading, _where(shelf, path))
        videos = parquet.video_column(file.schema, shelf.column, file.name)
        footer = file.footer()
        for row in file.rows(videos, columns):
            uri = f"{shelf.repo.uri(path.path)}#{row.number}"
            if videos.bytes is not None and file.holds_bytes(row.group, videos.bytes):
                chunk = file.chunk(row.group, videos.bytes)
                whose = (shelf.repo.url(path.path), row.group, row.in_group, videos.bytes)
                copy = (reading.size, reading.validator)
                locator = InGroup(*whose, chunk, footer, *copy, row.path or "").locator()
            else:
                locator = _elsewhere(shelf, row.path, "")
            yield _candidate(shelf, uri, locator, path.version, row.fields, columns)


def videos(shelf: Shelf, columns: Mapping[str, Any]) -> Iterator[Candidate]:
    """Its plain videos: those that a list beside them names, then the others."""
    listed: set[int] = set()
    if shelf.chosen.describing:
        versions = {f.path: f.version for f in shelf.chosen.files()}
        for one in shelf.chosen.describing:
            for path, row in _described(shelf, one):
                listed.add(hash(path))
                yield _video(shelf, path, versions.get(path, ""), row, columns)
    for file in shelf.chosen.files():
        if hash(file.path) not in listed:
            yield _video(shelf, file.path, file.version, {}, columns)


def described_columns(shelf: Shelf) -> dict[str, Any]:
    """What the lists beside its videos say."""
    found: dict[str, Any] = {}
    for one in shelf.chosen.describing:
        with _local(shelf, one) as path:
            said = _lists.metadata(_lists.columns(path, FILE_NAME), FILE_NAME)
        found |= {name: kind for name, kind in said.items() if _fields.is_free(name)}
    return found


def _described(shelf: Shelf, one: File) -> Iterator[tuple[str, dict[str, Any]]]:
    """Paths in the repository, with what a list says; its own count from where it lies."""
    folder = posixpath.dirname(one.path)
    with _local(shelf, one) as list_:
        for row in _lists.rows(list_, FILE_NAME):
            if not row[FILE_NAME]:
                raise AcavError(f"{list_}: a row has no {FILE_NAME}")
            yield posixpath.normpath(posixpath.join(folder, row[FILE_NAME])), row


@contextmanager
def _local(shelf: Shelf, one: File) -> Iterator[Path]:
    """A small file, brought here; complaints name it as the Hub does."""
    path = Path(shelf.repo.local(one.path))
    try:
        yield path
    except AcavError as error:
        raise AcavError(str(error).replace(str(path), _where(shelf, one))) from error


def _video(
    shelf: Shelf, path: str, version: str, row: Mapping[str, Any], columns: Mapping[str, Any]
) -> Candidate:
    locator = _elsewhere(shelf, path, path)
    uri = shelf.repo.uri(printable(path))
    return _candidate(shelf, uri, locator, version, row, columns)


def _candidate(
    shelf: Shelf,
    uri: str,
    locator: str,
    version: str,
    row: Mapping[str, Any],
    columns: Mapping[str, Any],
) -> Candidate:
    start_s, end_s = _lists.span(OPTION, uri, row)
    license = row.get("license")
    return Candidate(
        uri=uri,
        locator=locator,
        start_s=start_s,
        end_s=end_s,
        stamp=version,
        license=license if isinstance(license, str) and license else shelf.license,
        metadata=_fields.fitted(row, columns, f"{OPTION}: {uri}"),
    )


def _elsewhere(shelf: Shelf, path: str | None, name: str) -> str:
    """The locator of a file that is named: a URL, or a path in the repository."""
    if not path:
        return _pieces.trouble(ClipError("missing", "its row holds no video and names none"))
    if path.startswith(("http://", "https://")):
        return json.dumps({"url": path})
    plain = posixpath.normpath(path)
    if plain.startswith(("/", "..")) or "://" in path:
        why = f"{printable(path)} leads out of the repository"
        return _pieces.trouble(ClipError("refused_address", why))
    return json.dumps({"url": shelf.repo.url(plain), "ours": True})


def _reading(shelf: Shelf, path: File, fetcher: Fetcher) -> OnServer:
    try:
        return OnServer(fetcher, shelf.repo.url(path.path), token_headers())
    except ClipError as error:
        raise AcavError(f"{_where(shelf, path)} cannot be read now: {error.message}") from error


def _where(shelf: Shelf, path: File) -> str:
    return f"{OPTION}: {shelf.repo.uri(path.path)}"
