"""Score clips with sound that is not theirs: the pairs that raw scores are calibrated on."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from acav1m import steps, table
from acav1m.calibration import sounds
from acav1m.clip import Clip
from acav1m.errors import ClipError
from acav1m.stages import error_columns, lost, persistent
from acav1m.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from acav1m.engines import Row
    from acav1m.steps import Measure, Value

VERSION = 1
"""Goes up when the same pair gives other sound; part of the cache keys."""


def schema(columns: Mapping[str, Any]) -> pa.Schema:
    """What is stored for one aligner: its raw columns, or why it failed, by pair."""
    return table.schema({"key": str} | table.ERROR_COLUMNS | dict(columns))


class Calibrate:
    """The job: a clip and the sounds it is asked with in, a row per aligner and pair out.

    The pictures are decoded once for all sounds of a clip.
    """

    def __init__(self, aligners: Mapping[str, Mapping[str, Any]]) -> None:
        self.steps: dict[str, Measure] = {}
        self.stores: dict[str, Store] = {}
        for label, spec in aligners.items():
            kind, _, name = label.partition(".")
            step: Any = steps.load(kind, name).model_validate(spec["options"])
            step.setup()
            self.steps[label] = step
            self.stores[label] = Store(Path(spec["store"]), schema(step.adds))
        self.views = {view for step in self.steps.values() for view in step.views}

    def run(self, row: Row, alive: Callable[[], None]) -> list[Row]:
        """Score one clip with every sound it is asked with."""
        clip = Clip(Path(row["stem"]), views=self.views)
        scored = []
        for pair in row["pairs"]:
            try:
                found = dict(persistent(partial(self._score, clip, pair)))
            except ClipError as error:
                found = error_columns("calibrate", error)
            scored.append({"label": pair["label"], "key": pair["key"], **found})
            alive()
        return [{"key": row["key"], "scored": scored}]

    def lost(self, row: Row, kind: str, reason: str) -> list[Row]:
        """The pairs of a clip that took its worker down."""
        error = error_columns("calibrate", lost(kind, reason))
        scored = [{"label": p["label"], "key": p["key"], **error} for p in row["pairs"]]
        return [{"key": row["key"], "scored": scored}]

    def commit(self, part_id: str, results: list[Row]) -> None:
        """Store each aligner's columns."""
        scored = [pair for row in results for pair in row["scored"]]
        for label, store in self.stores.items():
            rows = [pair for pair in scored if pair["label"] == label]
            if rows:
                store.commit(part_id, pa.Table.from_pylist(rows, schema=store.schema))

    def _score(self, clip: Clip, pair: Row) -> Mapping[str, Value]:
        asked = clip
        if pair["sound"] is not None:
            key = ("calibrate", repr(sorted(pair["sound"].items())))
            asked = clip.memo(key, lambda: clip.with_sound(sounds.make(clip, pair["sound"])))
        asked.columns = dict(pair["columns"])
        return self.steps[pair["label"]].measure(asked)
