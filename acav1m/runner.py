"""Run the parts of any stage on an engine, and count what comes of their rows."""

from __future__ import annotations

import math
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from acav1m.engines.local import LocalEngine
from acav1m.errors import AcavError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from acav1m.engines import Engine, Row
    from acav1m.how import How
    from acav1m.progress import Progress
    from acav1m.work import Work

PART_ROWS = 32
"""Rows of a part at most: minutes of work, so a lost part costs little."""

WAITING_ROWS = 512
"""The same of rows that wait for the network: a part ends with its slowest, which none of the next
are fetched beside. What is done of a lost part is in its journal."""

FEW = 20
"""Rows before `max_failed` may stop a build: one bad file of two is no pattern."""


class Runner:
    """Has jobs done by workers, which live from one stage to the next."""

    def __init__(self, work: Work, how: How, progress: Progress) -> None:
        self.work, self.how, self.progress = work, how, progress
        self.workers = how.workers or os.cpu_count() or 1
        self.decoded: set[str] = set()
        """Keys of the rows for which media was decoded."""
        self._counting = threading.Lock()
        self._rows = self._failed = 0
        self._engine: Engine | None = None

    @contextmanager
    def working(self) -> Iterator[None]:
        """Have workers for as long as this lasts."""
        self._engine = LocalEngine(self.workers, self.how.limits, self.work.scratch)
        try:
            yield
        finally:
            self._engine.close()

    def run(
        self,
        stage: str,
        job: Mapping[str, Any],
        todo: tuple[int, Iterator[Row]],
        *,
        waits: bool = False,
        **parts: Any,
    ) -> None:
        """Have a job done with rows, of which it is known how many.

        `waits` says that rows wait for others rather than work; `parts`, how they are put into
        parts (see `Work.parts`).

        Raises:
            AcavError: The user must act, or too many rows fail.
        """
        count, rows = todo
        if not count:
            return
        assert self._engine is not None
        most, parts_each = (WAITING_ROWS, 1) if waits else (PART_ROWS, 4)
        size = max(1, min(most, math.ceil(count / (parts_each * self.workers))))
        self._rows = self._failed = 0
        with self.progress.stage(stage, count):
            for part in self._engine.run(self.work.parts(job, rows, size, **parts), self._on_row):
                self.work.finished(part)
            self._check(FEW)

    def check_failures(self, failed: int, rows: int) -> None:
        """Stop a build in which too many rows fail.

        Raises:
            AcavError: More do than the user allows.
        """
        allowed = self.how.max_failed
        if allowed is not None and failed > allowed * rows:
            raise AcavError(
                f"{failed} of {rows} clips failed, more than --max-failed {allowed:g} allows; "
                "nothing is lost: mend the cause and run the same command with --retry all"
            )

    def _check(self, rows: int) -> None:
        if self._rows >= rows:
            self.check_failures(self._failed, self._rows)

    def _on_row(self, results: list[Row]) -> None:
        with self._counting:
            before = self._rows
            for row in results:
                self._rows += 1
                self._failed += _has_failed(row)
                if row.get("decoded") or row.get("mp4_sha256"):
                    self.decoded.add(row["key"])
            self.progress.row(sum(map(_has_failed, results)))
            if self._rows // PART_ROWS > before // PART_ROWS:  # parts may be long
                self._check(PART_ROWS)


def _has_failed(row: Row) -> bool:
    """Whether a result row of any stage holds an error, of a step or of a pair."""
    inside = (*row.get("found", {}).values(), *row.get("scored", ()))
    return any(columns.get("error_kind") for columns in (row, *inside))
