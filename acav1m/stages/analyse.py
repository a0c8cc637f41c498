"""Look at each clip once, for all measures, captioners and aligners that have not yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from acav1m import looks, steps, table
from acav1m.clip import Clip
from acav1m.errors import ClipError
from acav1m.stages import error_columns, lost
from acav1m.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from acav1m.engines import Row
    from acav1m.steps import Measure


def schema(columns: Mapping[str, Any]) -> pa.Schema:
    """What is stored for one step: its columns, or why it failed, by clip key."""
    return table.schema({"key": str} | table.ERROR_COLUMNS | dict(columns))


class Analyse:
    """The job: a clip in, one result row with every step's columns out, one decode for all."""

    def __init__(self, looking: Sequence[Mapping[str, Any]]) -> None:
        self.steps: dict[str, Measure] = {}
        self.stores: dict[str, Store] = {}
        for spec in looking:
            kind, _, name = spec["label"].partition(".")
            step: Any = steps.load(kind, name).model_validate(spec["options"])
            step.setup()
            self.steps[spec["label"]] = step
            self.stores[spec["label"]] = Store(Path(spec["store"]), schema(step.adds))
        self.views = {view for step in self.steps.values() for view in step.views}

    def run(self, row: Row, alive: Callable[[], None]) -> list[Row]:
        """Run the steps in order; after one fails on a clip the rest are left out."""
        clip = Clip(Path(row["stem"]), views=self.views, columns=row["columns"])
        found: dict[str, Row] = {}
        for label, step in self.steps.items():
            try:
                columns = looks.measured(label, step, clip)
            except ClipError as error:
                found[label] = error_columns(label, error)
                break
            clip.columns |= columns
            found[label] = columns
            alive()
        return [{"key": row["key"], "keys": row["keys"], "found": found, "decoded": True}]

    def lost(self, row: Row, kind: str, reason: str) -> list[Row]:
        """The row of a clip that took its worker down, pinned on the first step."""
        first = next(iter(self.steps))
        found = {first: error_columns("analyse", lost(kind, reason))}
        return [{"key": row["key"], "keys": row["keys"], "found": found, "decoded": True}]

    def commit(self, part_id: str, results: list[Row]) -> None:
        """Store each step's columns."""
        for label, store in self.stores.items():
            rows = [
                {"key": r["keys"][label], **r["found"][label]}
                for r in results
                if label in r["found"]
            ]
            store.commit(part_id, pa.Table.from_pylist(rows, schema=store.schema))
