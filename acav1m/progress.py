"""What a build tells while it runs; the command line draws it, a library caller may ignore it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.progress import Progress as Bars


class Progress:
    """Silent; the base of those that speak. `row` may be called from any thread."""

    @contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[None]:
        """A stage of `total` rows runs inside; None, of as many as there are."""
        yield

    def row(self, failed: int) -> None:
        """One more row of the stage under way is through; so many of its results failed."""

    def rows(self, count: int) -> None:
        """So many more rows of the stage under way are through, and none failed."""

    def say(self, line: str) -> None:
        """A stage that is through has this to tell."""


class RichProgress(Progress):
    """A line per stage on stderr: rows, rows a second, time left, failures so far."""

    @contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[None]:
        """Draw a line; it stays when the stage is through."""
        self._failed = 0
        with _bars() as self._bars:
            self._task = self._bars.add_task(name, total=total, rate="", failed=0)
            yield

    def row(self, failed: int) -> None:
        """Move the line on."""
        self._failed += failed
        self.rows(1)

    def rows(self, count: int) -> None:
        """Move the line on by many rows."""
        speed = self._bars.tasks[self._task].speed
        rate = f"{speed:.1f}/s" if speed else ""
        self._bars.update(self._task, advance=count, rate=rate, failed=self._failed)

    def say(self, line: str) -> None:
        """Print it below its stage."""
        _console().print(line, soft_wrap=True)


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def _bars() -> Bars:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    return Bars(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:>9}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]} failed"),
        console=_console(),
    )
