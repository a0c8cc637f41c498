"""Run a benchmark's jobs in worker processes, which may die without hurting it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from acav1m.engines import Limits, Row
from acav1m.engines.local import LocalEngine
from acav1m.progress import Progress
from acav1m.work import Work

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Self


class Workers:
    """Worker processes and a folder for what they write, both gone afterwards."""

    def __init__(self, workers: int, folder: Path, progress: Progress) -> None:
        self.work = Work(folder / "work")
        self.folder = folder
        self.count, self.progress = workers, progress

    def __enter__(self) -> Self:
        self.work.__enter__()
        self.engine = LocalEngine(self.count, Limits(), self.work.scratch)
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()
        self.work.__exit__()

    def run(self, stage: str, job: Mapping[str, Any], rows: list[Row]) -> list[Row]:
        """The result rows of all rows, in the order of the rows."""
        told: dict[str, list[Row]] = {}
        telling = threading.Lock()

        def on_row(results: list[Row]) -> None:
            with telling:
                if results:
                    told[_key(results)] = results
                self.progress.row(sum(map(_failed, results)))

        with self.progress.stage(stage, len(rows)):
            for part in self.engine.run(self.work.parts(job, rows, 1), on_row):
                self.work.finished(part)
        return [result for row in rows for result in told.get(row["key"], [])]


def _failed(row: Row) -> bool:
    return "lost" in row or bool(row.get("error_kind"))


def _key(results: list[Row]) -> str:
    return str(results[0].get("candidate", results[0]["key"]))
