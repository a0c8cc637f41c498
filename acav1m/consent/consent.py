"""The opt-out lists of a build: read when it begins and before it ends, and heeded in between."""

from __future__ import annotations

import hashlib
import itertools
import json
import shutil
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from acav1m.consent import book, lists, outs
from acav1m.consent.outs import Outs
from acav1m.consent.salt import Salt
from acav1m.consent.uploaders import BOOK, Uploaders
from acav1m.stages import download
from acav1m.stages.fetch import network_of
from acav1m.store import read_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from acav1m.recipe import Recipe
    from acav1m.steps import Candidate
    from acav1m.work import Work

STORED = pa.schema(
    [
        download.SCHEMA.field(name)
        for name in download.SCHEMA.names
        if name in {"candidate", "media", *outs.OF_VIDEO, *outs.PARTIES, *outs.OF_CLIP}
    ]
)
"""What of a clip's row tells whether a list names it, and where its media lie."""

CHANGED = "read.json"
"""In a book's folder: of what lists it was made."""


class Consent:
    """What a recipe's section `consent` asks, in one work folder."""

    def __init__(self, recipe: Recipe, work: Work) -> None:
        self.recipe, self.work = recipe, work
        self.folder = work.consent
        self.book: book.Book | None = None

    def read(self) -> None:
        """Read all lists as they are now.

        Raises:
            AcavError: One cannot be had, or is wrong: better no build than one that leaves it out.
        """
        self.__dict__.pop("uploaders", None)
        if not self.recipe.consent.opt_out:
            shutil.rmtree(self.folder / BOOK, ignore_errors=True)
            self.book = None
            return
        found = self._lists()
        key = _key(found)
        if not _is_of(self.folder / BOOK, key):
            book.write(found, Salt(self.folder), self.folder / BOOK)
            (self.folder / BOOK / CHANGED).write_text(key, encoding="utf-8")
        shutil.rmtree(self.folder / "lists", ignore_errors=True)
        self.book = book.Book(self.folder / BOOK)
        self.work.event("consent", lists=self.told())

    @cached_property
    def uploaders(self) -> Uploaders:
        """Who hashes names; makes a salt where there is none."""
        return Uploaders(self.folder)

    def listed(self, candidate: Candidate) -> dict[str, Any]:
        """For the listing: who uploaded a candidate, in hashes."""
        return self.uploaders.listed(candidate)

    def outs(self, *tables: pa.Table) -> Outs:
        """What the lists name of the listing, of clips of any build here, and of these tables."""
        if self.book is None:
            return Outs()
        stored = (rows for _, rows in self._stored())
        return outs.look(self.book, self.work.listing, itertools.chain(stored, tables))

    def purge(self, found: Outs) -> int:
        """Delete the media of what lists name, also what other recipes made of it; how many."""
        if self.book is None:
            return 0
        keys = _keys(self.work.listing, found)
        gone = 0
        for media, rows in self._stored():
            gone += self._purge(media, rows, found, keys)
        for media in self._media():
            _sweep(media, keys)
        return gone

    def told(self) -> list[dict[str, Any]]:
        """The lists as a release's lock names them."""
        return [asdict(one) for one in self.book.lists] if self.book else []

    def _stored(self) -> Iterator[tuple[Path, pa.Table]]:
        """The rows of all clips that were ever made here, part by part, and where their media lie.

        Also of those whose sound was edited, or that were cut by other settings.
        """
        for media in self._media():
            for part in sorted(media.parent.glob("*.parquet")):
                yield media, read_part(part, STORED)

    def _media(self) -> list[Path]:
        return sorted((self.work.folder / "store").glob("*/media"))

    def _purge(self, media: Path, rows: pa.Table, found: Outs, keys: set[str]) -> int:
        gone = 0
        for batch in outs.batches(rows, rows.column_names):
            lying = [row for row in batch if row["media"]]
            out = [r for r in lying if r["candidate"] in keys or _pair(r) in found.clips]
            for known_by in (outs.of_video, outs.of_clip):
                assert self.book is not None
                out += [row for row, _ in outs.named(self.book, lying, known_by)]
            gone += sum(_deleted(media / row["media"]) for row in out)
        return gone

    def _lists(self) -> list[lists.List]:
        asked = self.recipe.network.model_copy(update={"respect_noai": False})
        gate = self.folder / "gate"  # of its own: what was refused of videos is no matter here
        network = network_of(gate, asked)
        try:
            return list(
                lists.had(self.recipe.consent.opt_out, self.folder / "lists", network.fetcher)
            )
        finally:
            network.close()
            shutil.rmtree(gate, ignore_errors=True)


def _key(found: Iterable[lists.List]) -> str:
    what = [book.VERSION, *((one.name, one.path.suffix, one.sha256) for one in found)]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()


def _is_of(folder: Path, key: str) -> bool:
    """Whether a book was made of these very lists."""
    try:
        return (folder / CHANGED).read_text(encoding="utf-8") == key
    except FileNotFoundError:
        return False


def _keys(listing: Path, found: Outs) -> set[str]:
    """The candidates of videos that lists name."""
    import pyarrow.compute as pc

    asked = pa.array(found.videos, pa.string())
    rows = pq.read_table(listing, columns=["key", "source_uri"])
    return set(rows.filter(pc.is_in(rows["source_uri"], asked))["key"].to_pylist())


def _sweep(media: Path, keys: set[str]) -> None:
    """Delete the folders of candidates: a build that was killed left media that no row tells of."""
    for first in {key[:2] for key in keys}:
        for folder in (media / first).glob("*"):
            if folder.name.partition("-")[0] in keys:
                shutil.rmtree(folder)


def _pair(row: dict[str, Any]) -> tuple[str, str]:
    return row["candidate"], row["clip_id"]


def _deleted(stem: Path) -> bool:
    """Delete the files of a clip; whether there were any."""
    found = False
    for suffix in ("mp4", "flac"):
        path = stem.with_name(f"{stem.name}.{suffix}")
        found = found or path.exists()
        path.unlink(missing_ok=True)
    return found
