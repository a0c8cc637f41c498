"""What is known of who uploaded a video, before nothing but hashes of it is left."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from acav1m.consent import columns, marks
from acav1m.consent.book import Book
from acav1m.consent.salt import Salt

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from acav1m.steps import Candidate, Fetched

BOOK = "book"
"""The folder of what all lists of a build name."""


class Uploaders:
    """Hashes uploaders, and says which asked not to be in datasets; any thread may ask it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.salt = Salt(folder)
        self.book = Book(folder / BOOK) if (folder / BOOK).exists() else None

    def opted_out(self, names: Iterable[str]) -> str | None:
        """Why videos of the one with these names may not be used, None if they may."""
        return self.book.reason(self._parties(names)) if self.book else None

    def fetched(self, found: Fetched) -> Fetched:
        """What was fetched, with hashes in place of names.

        An address that a site gave for it and that names its uploader is not kept either.
        """
        facts = {**found.facts, **self._facts(found.uploader, found.parties)}
        if _names(facts.get("fetched_url"), [found.uploader, *found.parties]):
            facts["fetched_url"] = None
        return dataclasses.replace(found, uploader=None, parties=(), facts=facts)

    def listed(self, candidate: Candidate) -> dict[str, Any]:
        """The same of what a list says of its videos."""
        given = [candidate.metadata[column] for column in columns.named(candidate.metadata)]
        names = [str(name) for name in given if name]
        facts = self._facts(names[0], names) if names else {}
        return {f"listed_{column}": value for column, value in facts.items()}

    def _facts(self, id_: str | None, names: Iterable[str]) -> dict[str, Any]:
        known = [*filter(None, [id_]), *names]
        if not known:
            return {}
        hashes = sorted({mark.text for mark in self._parties(known)})
        return {"uploader_hash": self.salt.uploader(known[0]), "uploader_marks": hashes}

    def _parties(self, names: Iterable[str]) -> list[marks.Mark]:
        return [self.salt.party(marks.of_party(name)) for name in names]


def _names(url: Any, names: Iterable[str | None]) -> bool:
    """Whether a part of an address is somebody's name."""
    parts = {marks.of_party(part) for part in re.split(r"[/?&=#]", url or "") if part}
    return bool(parts & {marks.of_party(name) for name in names if name})
