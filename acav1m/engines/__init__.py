"""Run parts somewhere: engines know parts, not clips.

A part is some tens of rows and a job that turns each row into result rows. `local` runs parts
in worker processes of this machine; another engine only has to place the same `Host`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

Row = dict[str, Any]
"""One row in or out of a job; JSON can hold it."""


class Job(Protocol):
    """What a worker does with the rows of a part; made anew from its options in each worker."""

    def run(self, row: Row, alive: Callable[[], None]) -> list[Row]:
        """Turn one row into result rows; call `alive` where a row takes long."""
        ...

    def lost(self, row: Row, kind: str, reason: str) -> list[Row]:
        """Result rows for a row whose worker died, hung or met a bug."""
        ...

    def commit(self, part_id: str, results: list[Row]) -> None:
        """Store the part's results, all or nothing."""
        ...


@runtime_checkable
class LooksAhead(Protocol):
    """A job that fetches, say, what its rows need, and so has a say in their order.

    Results are committed in the order of the part, whatever the order in which rows are done.
    """

    def ahead(self, part_id: str, rows: list[Row]) -> None:
        """Hear of the rows of a part that are still to be done, before the first of them."""
        ...

    def ready(self, rows: Mapping[int, Row], alive: Callable[[], None]) -> int:
        """Choose the number of the row to do next: the first for which nothing must be waited.

        Where there is none, wait until there is, and call `alive` meanwhile.
        """
        ...


@dataclass(frozen=True)
class Part:
    """The unit of scheduling, commit and retry, written to `path` for the worker to read."""

    id: str
    path: Path
    rows: int


@dataclass(frozen=True)
class Limits:
    """When a worker is taken for hung or bloated."""

    timeout_s: float = 300.0
    memory_bytes: int = 6 * 1024**3


class Engine(Protocol):
    """Runs parts in any order and tells of each row as it finishes."""

    def run(self, parts: Iterable[Part], on_row: Callable[[list[Row]], None]) -> Iterator[Part]:
        """Yield parts as they are committed; call `on_row` with each row's results."""
        ...

    def close(self) -> None:
        """End all workers."""
        ...
