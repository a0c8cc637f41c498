"""Verify a release: a stranger's first command; needs no recipe, no network and no GPU."""

from __future__ import annotations

import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb
import pyarrow as pa

from acav1m.errors import ReleaseError
from acav1m.release import lock, views
from acav1m.release.checks import (
    calibration,
    card,
    croissant,
    edits,
    files,
    media,
    replay,
    rows,
    shards,
)
from acav1m.sql import first_line

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow.dataset as ds

_DAMAGE = (
    *(ReleaseError, OSError, EOFError, ValueError, LookupError, TypeError, AttributeError),
    *(ArithmeticError, MemoryError, RecursionError),
    *(tarfile.TarError, pa.ArrowException, duckdb.Error),
)
"""What reading a damaged file may raise, for it may hold anything: a finding, not a crash."""


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

    replayed: int = 0
    """Of these, edited clips whose edits were done again on the original."""

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
    decoded = replayed = 0
    try:
        tables = views.datasets(folder)
    except ReleaseError as error:
        problems.append(str(error))
        notes.append("shards, card, Croissant and media were not checked: a table is unreadable")
    else:
        problems += _against_tables(folder, tables, locked)
        if "metadata" in tables:
            heard = _media(folder, tables["metadata"], decode_share)
            problems += heard.problems
            notes += heard.notes
            decoded, replayed = heard.decoded, heard.replayed
        else:
            notes.append("the release holds no clip")
    counts = lock.counts(locked)
    return Report(tuple(dict.fromkeys(problems)), tuple(notes), counts, decoded, replayed)


def _against_tables(
    folder: Path, tables: Mapping[str, ds.Dataset], locked: Mapping[str, Any]
) -> Iterator[str]:
    yield from _guarded("tables", _in_sql(folder, tables, locked))
    yield from _guarded("shards", shards.check(folder, tables))
    yield from _guarded("croissant", croissant.check(folder, tables))
    yield from _guarded("calibration", calibration.check(folder, tables))


def _in_sql(
    folder: Path, tables: Mapping[str, ds.Dataset], locked: Mapping[str, Any]
) -> Iterator[str]:
    with views.connect(tables) as con:
        empty = "metadata" not in tables
        yield from _guarded("rows", rows.check(con, locked, empty=empty))
        yield from _guarded("edits", edits.check(con, tables, locked))
        yield from _guarded("card", card.check(folder, tables, con, locked))


class _Heard(NamedTuple):
    problems: list[str]
    notes: list[str] = []
    decoded: int = 0
    replayed: int = 0


def _media(folder: Path, metadata: ds.Dataset, share: float) -> _Heard:
    try:
        places = media.chosen(metadata, share)
    except _DAMAGE as error:
        return _Heard([f"no clip could be decoded: {first_line(error)}"])
    problems = list(_guarded("media", media.check(folder, places)))
    outcomes: list[replay.Outcome] = []
    problems += _guarded("replay", _replayed(folder, places, outcomes))
    replayed = sum(outcome.steps is not None for outcome in outcomes)
    return _Heard(problems, replay.notes(outcomes), places.num_rows, replayed)


def _replayed(folder: Path, places: pa.Table, outcomes: list[replay.Outcome]) -> Iterator[str]:
    """Add the outcomes and tell what is wrong."""
    outcomes.extend(replay.outcomes(folder, places))
    yield from replay.problems(outcomes)


def _guarded(name: str, findings: Iterable[str]) -> Iterator[str]:
    """Pass findings on; what damage keeps a check from ending is the last of them."""
    try:
        yield from findings
    except _DAMAGE as error:
        yield f"the check of {name} could not end: {first_line(error)}"


def _notes(folder: Path) -> Iterator[str]:
    if not croissant.is_readable_here():
        yield "mlcroissant is not installed: croissant.json was checked in its structure only"
    datasheet = folder / "DATASHEET.md"
    if datasheet.is_file():
        questions = datasheet.read_text(encoding="utf-8", errors="replace").count("\n*Open.*\n")
        if questions:
            yield f"{questions} questions of DATASHEET.md are open for the maintainers"
