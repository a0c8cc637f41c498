"""Verify a release: a stranger's first command; needs no recipe, no network and no GPU."""

from __future__ import annotations

import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from acav1m.errors import ReleaseError
from acav1m.release import lock, views
from acav1m.release.checks import card, croissant, files, media, rows, shards

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow.dataset as ds

_DAMAGE = (ReleaseError, OSError, ValueError, LookupError, TypeError, tarfile.TarError)
"""What reading a damaged file may raise, beside DuckDB's own errors: a finding, not a crash."""


@dataclass(frozen=True)
class Report:
    """What `verify` found."""

    problems: tuple[str, ...]
    """Everything wrong, in plain words; empty for a sound release."""

    notes: tuple[str, ...]
    """What could not be checked here, or is left for people to do."""

    counts: Mapping[str, int]
    """Candidates seen, and how many are in each state, as the release states them."""

    decoded: int
    """Clips decoded from end to end."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return {"ok": self.ok, **asdict(self)}


def verify(folder: Path, *, decode_share: float = 1.0) -> Report:
    """Check everything a release promises; `decode_share` of its clips are decoded.

    Raises:
        ReleaseError: The folder is no release, or one of another format.
    """
    locked = lock.read(folder)
    problems = list(_guarded("checksums", files.check(folder)))
    notes = list(_notes(folder))
    decoded = 0
    try:
        tables = views.datasets(folder)
    except ReleaseError as error:
        problems.append(str(error))
        notes.append("shards, card, Croissant and media were not checked: a table is unreadable")
    else:
        problems += _against_tables(folder, tables, locked)
        if "metadata" in tables:
            metadata = tables["metadata"]
            problems += _guarded("media", media.check(folder, metadata, decode_share))
            decoded = sum(1 for _ in media.chosen(metadata, decode_share))
    return Report(tuple(dict.fromkeys(problems)), tuple(notes), locked.get("counts", {}), decoded)


def _against_tables(
    folder: Path, tables: Mapping[str, ds.Dataset], locked: Mapping[str, Any]
) -> Iterator[str]:
    with views.connect(tables) as con:
        empty = "metadata" not in tables
        yield from _guarded("rows", rows.check(con, locked, empty=empty))
        yield from _guarded("card", card.check(folder, tables, con, locked))
    yield from _guarded("shards", shards.check(folder, tables))
    yield from _guarded("croissant", croissant.check(folder, tables))


def _guarded(name: str, findings: Iterable[str]) -> Iterator[str]:
    """Pass findings on; what damage keeps a check from ending is the last of them."""
    try:
        yield from findings
    except (*_DAMAGE, duckdb.Error) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        yield f"the check of {name} could not end: {reason}"


def _notes(folder: Path) -> Iterator[str]:
    if not croissant.is_readable_here():
        yield "mlcroissant is not installed: croissant.json was checked in its structure only"
    datasheet = folder / "DATASHEET.md"
    if datasheet.is_file():
        questions = datasheet.read_text(encoding="utf-8", errors="replace").count("\n*Open.*\n")
        if questions:
            yield f"{questions} questions of DATASHEET.md are open for the maintainers"
