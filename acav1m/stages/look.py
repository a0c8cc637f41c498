"""Look at clips and listen to them coarsely, so that copies of one another can be told."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from acav1m import table
from acav1m.clip import Clip
from acav1m.errors import ClipError
from acav1m.stages import error_columns, lost, persistent
from acav1m.store import Store
from acav1m.synth.likeness import VIEW, likeness

if TYPE_CHECKING:
    from collections.abc import Callable

    from acav1m.engines import Row

VERSION = 1
"""Goes up when the same clip looks otherwise; part of the cache key."""

SCHEMA = table.schema(
    {"key": str, "pictures": list[float], "level_db": list[float]} | table.ERROR_COLUMNS
)
"""What the stage stores: a row per clip, or why it cannot be looked at."""


class Look:
    """The job: a clip in, coarse pictures and its level over time out."""

    def __init__(self, store: str) -> None:
        self.store = Store(Path(store), SCHEMA)

    def run(self, row: Row, alive: Callable[[], None]) -> list[Row]:
        """Look at one clip."""
        clip = Clip(Path(row["stem"]), views=[VIEW])
        try:
            found = persistent(partial(likeness, clip))
        except ClipError as error:
            return [{"key": row["key"], **error_columns("calibrate", error)}]
        pictures = found.pictures.ravel().round(1).astype(float).tolist()
        level_db = found.level_db.round(2).astype(float).tolist()
        return [{"key": row["key"], "pictures": pictures, "level_db": level_db}]

    def lost(self, row: Row, kind: str, reason: str) -> list[Row]:
        """The row of a clip that took its worker down."""
        return [{"key": row["key"], **error_columns("calibrate", lost(kind, reason))}]

    def commit(self, part_id: str, results: list[Row]) -> None:
        """Store the part."""
        self.store.commit(part_id, pa.Table.from_pylist(results, schema=self.store.schema))
