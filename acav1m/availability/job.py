"""The job that workers do: a source in, a row of what is found of it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from acav1m import steps, table
from acav1m.availability.look import Looker, failed
from acav1m.availability.verdict import FACTS
from acav1m.net.pool import Pool
from acav1m.recipe import Network as Options
from acav1m.stages import lost
from acav1m.stages.fetch import network_of
from acav1m.store import Store

if TYPE_CHECKING:
    from acav1m.engines import Row
    from acav1m.steps import Source

RECORDED: dict[str, Any] = {f"recorded_{name}": kind for name, kind in FACTS.items()}
SUBJECT: dict[str, Any] = (
    {"key": str, "source": str, "uri": str}
    | RECORDED
    | {"recorded_url": str, "recorded_error_kind": str}
)
"""The columns of a source that is to be looked at."""

ROW: dict[str, Any] = {
    "source": str,
    "uri": str,
    "state": str,
    "kind": str,
    "message": str,
    "compared": list[str],
    **{f"{when}_{name}": kind for name, kind in FACTS.items() for when in ("recorded", "found")},
    "recorded_error_kind": str,
    "recorded_url": str,
    "found_url": str,
    "attempts": int,
    "at": str,
}
"""The columns of what is found of a source."""

SCHEMA = table.schema({"key": str, **ROW})


class Looking:
    """The job: looks at several sources at a time, in the order in which they answer."""

    def __init__(
        self,
        sources: Mapping[str, Any],
        network: Mapping[str, Any],
        gate: str,
        store: str,
        scratch: str,
        whole: bool,
        root: str | None,
    ) -> None:
        how = Options.model_validate(network)
        self.store = Store(Path(store), SCHEMA)
        self.store.folder.mkdir(parents=True, exist_ok=True)
        self.looker = Looker(
            {name: _source(name, options) for name, options in sources.items()},
            Path(scratch),
            whole,
            None if root is None else Path(root),
        )
        self._network = network_of(Path(gate), how)
        self._pool: Pool[Row] = Pool(how.at_once, max(how.at_once, how.ahead))

    def ahead(self, part_id: str, rows: list[Row]) -> None:
        """Have the network asked from now on about these rows."""
        for row in filter(self.looker.remote, rows):
            self._pool.start(row["key"], partial(self.looker.found, row, self._network))

    def ready(self, rows: Mapping[int, Row], alive: Callable[[], None]) -> int:
        """Take first who has answered."""
        asked = {row["key"]: number for number, row in rows.items() if self.looker.remote(row)}
        at_once = next((n for n, row in rows.items() if row["key"] not in asked), None)
        return asked[self._pool.some(asked, alive)] if at_once is None else at_once

    def run(self, row: Row, alive: Callable[[], None]) -> list[Row]:
        """Say what is found of one source."""
        unasked = self.looker.unasked(row)
        if unasked is not None:
            return [_told(row, unasked)]
        if self.looker.remote(row):
            return [_told(row, self._pool.result(row["key"], alive))]
        return [_told(row, self.looker.found(row, None, alive))]

    def lost(self, row: Row, kind: str, reason: str) -> list[Row]:
        """The row of a source whose look took its worker down, or took too long."""
        return [_told(row, {**failed(lost(kind, reason)), "state": "unknown"})]

    def commit(self, part_id: str, results: list[Row]) -> None:
        """Store the part."""
        self.store.commit(part_id, pa.Table.from_pylist(results, schema=self.store.schema))


def _source(name: str, options: Mapping[str, Any] | None) -> Source | None:
    if options is None:
        return None
    return steps.load("sources", name).model_validate(options)  # type: ignore[return-value]


def _told(row: Row, found: Row) -> Row:
    """The whole row, with the time."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    known = {name: row[name] for name in SUBJECT}
    counts_as = {"error_kind": found.get("kind") if found["state"] in ("gone", "unknown") else None}
    return {**dict.fromkeys(("key", *ROW)), **known, **found, "at": at, **counts_as}
