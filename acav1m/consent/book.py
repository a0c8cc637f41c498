"""All that opt-out lists name, as sorted hashes on disk: a million entries are ten megabytes."""

from __future__ import annotations

import json
import shutil
from array import array
from collections import Counter
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m.consent.marks import KINDS, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from acav1m.consent.lists import List
    from acav1m.consent.salt import Salt

VERSION = 1
HASHES, LISTS, ABOUT = "hashes.npy", "lists.npy", "about.json"


@dataclass(frozen=True)
class Read:
    """A list that was read, as a release's lock names it."""

    name: str
    sha256: str
    entries: int


class Book:
    """Says which list names a mark, in any process and without holding the lists in memory."""

    def __init__(self, folder: Path) -> None:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        self.lists = tuple(Read(**one) for one in about["lists"])
        self.kinds: dict[str, int] = about["kinds"]
        """Marks of each kind: of those that no list names, none need be looked up."""
        self._hashes: NDArray[np.uint64] = np.load(folder / HASHES, mmap_mode="r")
        self._lists: NDArray[np.uint16] = np.load(folder / LISTS, mmap_mode="r")

    def reasons(self, rows: Sequence[Iterable[Mark]]) -> list[str | None]:
        """For each row, by its marks, why it may not be used; None where no list names it."""
        asked, owners = array("Q"), array("Q")
        kinds: list[str] = []
        for number, row in enumerate(rows):
            for mark in row:
                if mark.kind in self.kinds:
                    asked.append(hashed(mark))
                    owners.append(number)
                    kinds.append(mark.kind)
        found: list[str | None] = [None] * len(rows)
        for at, which in self._hits(np.array(asked, np.uint64)):
            name = self.lists[which].name
            found[owners[at]] = f"its {KINDS[kinds[at]]} is in the opt-out list {name}"
        return found

    def reason(self, marks: Iterable[Mark]) -> str | None:
        """The same for one."""
        return self.reasons([marks])[0]

    def _hits(self, asked: NDArray[np.uint64]) -> Iterable[tuple[int, int]]:
        """Which of the hashes are in it, and in which list; the last comes first."""
        if not len(self._hashes) or not len(asked):
            return []
        places = np.searchsorted(self._hashes, asked).clip(max=len(self._hashes) - 1)
        hits = np.flatnonzero(self._hashes[places] == asked)[::-1]
        return [(int(at), int(self._lists[places[at]])) for at in hits]


def write(lists: Sequence[List], salt: Salt, folder: Path) -> None:
    """Read lists into a book; who uploaded something is only in it as a salted hash.

    Raises:
        AcavError: A list is wrong.
    """
    hashes, owners, kinds = array("Q"), array("H"), Counter[str]()
    read: list[dict[str, Any]] = []
    for number, one in enumerate(lists):
        entries = 0
        for named in one.entries():
            entries += 1
            for mark in named:
                hashes.append(hashed(salt.party(mark) if mark.kind == "party" else mark))
                owners.append(number)
                kinds[mark.kind] += 1
        read.append(asdict(Read(one.name, one.sha256, entries)))
    sorted_, where = np.unique(np.array(hashes, np.uint64), return_index=True)
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    np.save(unfinished / HASHES, sorted_)
    np.save(unfinished / LISTS, np.array(owners, np.uint16)[where])
    about = {"lists": read, "kinds": dict(kinds)}
    (unfinished / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)


def hashed(mark: Mark) -> int:
    """A mark in 64 bits: among a million entries and a million videos, by chance none meet."""
    text = f"{mark.kind} {mark.text}".encode(errors="surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")
