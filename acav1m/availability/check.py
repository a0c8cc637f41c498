"""Check all sources of a release or a list, several at a time; a killed check goes on."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acav1m.availability import settings, subjects, write
from acav1m.availability.job import ROW, SCHEMA
from acav1m.availability.report import Report, tallied
from acav1m.errors import AcavError
from acav1m.found import OURS
from acav1m.how import AS_USUAL
from acav1m.net.gate import Gate
from acav1m.plan import digest
from acav1m.progress import Progress
from acav1m.release import lock
from acav1m.runner import Runner
from acav1m.sources import _lists
from acav1m.sql import connect, identifier, quoted
from acav1m.store import Store
from acav1m.todo import counted, streamed
from acav1m.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb
    import pyarrow as pa

    from acav1m.availability.settings import Settings
    from acav1m.availability.subjects import Subjects
    from acav1m.engines import Row
    from acav1m.how import How

VERSION = 1
"""Goes up when the same look gives other columns; part of the store's key."""


@dataclass(frozen=True)
class Asked:
    """What to check, and how."""

    what: Path
    """A release, or a list."""

    source: str | None = None
    """Who reads the list: `urls` or `youtube`."""

    layout: str | None = None
    whole: bool = False
    """Whether to fetch all bytes and compare them."""

    root: Path | None = None
    """Where files of a source `files` lie."""

    sample: int | None = None
    seed: int = 0
    overrides: tuple[str, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether it is a list rather than a release."""
        return bool(self.source or self.layout) or _lists.is_list(self.what)


def check(
    asked: Asked, out: Path | None = None, how: How = AS_USUAL, progress: Progress | None = None
) -> Report:
    """Say of each source whether it can still be had, and put a row for each into `out`.

    Raises:
        AcavError: The release, the list or an option is wrong, or it is us who are refused.
    """
    if out is not None:
        write.check(out, *(() if asked.is_list else (asked.what,)))
    if asked.root is not None and not asked.root.is_dir():
        raise AcavError(f"--root {asked.root}: is no folder")
    found_in = _settings(asked)
    folder = _work_folder(asked, how.work)
    with Work(folder) as work:
        listed = work.scratch / "sources.parquet"
        try:
            chosen = _subjects(asked, found_in, listed)
            found = _looked(asked, found_in, chosen, Runner(work, how, progress or Progress()))
        finally:
            listed.unlink(missing_ok=True)
        if out is not None:
            write.write(out, found)
        report = tallied(found, chosen.known, asked.seed)
        _forget(work, asked)
    return report


def _settings(asked: Asked) -> Settings:
    if asked.is_list:
        return settings.of_list(asked.what, asked.source, asked.layout, asked.overrides)
    return settings.of_release(lock.read(asked.what), asked.overrides)


def _work_folder(asked: Asked, given: Path | None) -> Path:
    """Where the check goes on after a kill: beside what is checked, unless it is said where."""
    what = Path(os.path.abspath(asked.what))  # noqa: PTH100 - a link is named as it was given
    work = given or what.with_name(f"{what.name}.availability")
    if not asked.is_list and work.resolve().is_relative_to(what.resolve()):
        raise AcavError(f"--work {work}: lies in the release, which it would damage")
    return work


def _subjects(asked: Asked, found_in: Settings, to: Path) -> Subjects:
    if not asked.is_list:
        return subjects.of_release(asked.what, to, asked.sample, asked.seed)
    [(name, source)] = found_in.sources.items()
    assert source is not None
    return subjects.of_list(name, source, to, asked.sample, asked.seed)


def _looked(asked: Asked, found_in: Settings, chosen: Subjects, runner: Runner) -> pa.Table:
    """Have all looked at that were not looked at before a kill; the rows of all."""
    work = runner.work
    store = _store(work, asked)
    gate = Gate(work.gate)
    gate.reopen()
    gate.close()
    job = {
        "is": "acav1m.availability.job:Looking",
        "options": found_in.json()
        | {"gate": str(work.gate), "store": str(store.folder), "scratch": str(work.scratch)}
        | {"whole": asked.whole, "root": None if asked.root is None else str(asked.root.resolve())},
    }
    with runner.working():
        runner.run("look", job, _todo(store, chosen), waits=True, again=_means_us)
    with _open(store, chosen, ["key", *ROW]) as connection:
        columns = ", ".join(map(identifier, ROW))
        query = f"SELECT {columns} FROM found SEMI JOIN chosen USING (key) ORDER BY source, uri"
        return connection.sql(query).to_arrow_table()


def _todo(store: Store, chosen: Subjects) -> tuple[int, Iterator[Row]]:
    """Sources that nothing is known of yet; what may have meant us is asked again."""
    connection = _open(store, chosen, ["key", "kind"])
    # A view: what is read once needs no copy.
    connection.execute(f"""
        CREATE TEMP VIEW todo AS SELECT * FROM chosen WHERE NOT EXISTS (
            FROM found WHERE found.key = chosen.key
            AND NOT coalesce(kind IN ({", ".join(map(quoted, OURS))}), false)
        )
    """)
    return counted(connection), streamed(connection, dict)


def _open(store: Store, chosen: Subjects, columns: list[str]) -> duckdb.DuckDBPyConnection:
    connection = connect([chosen.path.parent], spill=chosen.path.parent)
    connection.register("found", store.read(columns))
    listed = quoted(str(chosen.path))
    connection.execute(f"CREATE TEMP VIEW chosen AS SELECT * FROM read_parquet({listed})")
    return connection


def _store(work: Work, asked: Asked) -> Store:
    root = None if asked.root is None else str(asked.root.resolve())
    return Store(work.store("availability", digest([VERSION, asked.whole, root])), SCHEMA)


def _forget(work: Work, asked: Asked) -> None:
    """Leave nothing of a check that is through: the next one asks anew."""
    folder = _store(work, asked).folder
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):  # a build has findings of its own there
        folder.parent.rmdir()


def _means_us(row: dict[str, Any]) -> bool:
    return row.get("kind") in OURS
