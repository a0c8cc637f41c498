"""Have opt-out lists on this disk, from wherever they are, and read what they name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from acav1m.consent import entries, places, rows
from acav1m.consent.marks import is_url
from acav1m.errors import AcavError
from acav1m.media import sniff
from acav1m.net.outcome import FetchError
from acav1m.net.part import Part

if TYPE_CHECKING:
    from pathlib import Path

    from acav1m.consent.marks import Mark
    from acav1m.net.http import Fetcher


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
        kinds: dict[tuple[str, ...], dict[str, str]] = {}
        try:
            for number, row in enumerate(rows.read(self.path), 1):
                names = tuple(row)
                if names not in kinds:
                    kinds[names] = entries.meanings(names)
                for name, kind in kinds[names].items():
                    yield from _read(number, kind, row[name])
        except ValueError as error:
            raise self._wrong(str(error)) from error

    def _wrong(self, what: str) -> AcavError:
        return AcavError(f"{self.place}: {self.name} {what}")


def _read(number: int, kind: str, value: Any) -> Iterator[tuple[Mark, ...]]:
    try:
        text = rows.text(value)
        if text:
            yield tuple(entries.read(kind, text))
    except ValueError as error:
        raise ValueError(f"entry {number}: {error}") from error


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
    path = folder / f"list{suffix if suffix in rows.TABLES else '.txt'}"
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
