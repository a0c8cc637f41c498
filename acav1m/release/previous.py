"""Take over what has not changed from the release that a new one replaces."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from acav1m.release import layout, tar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Previous:
    """The shards of an earlier release and the rows they were made from."""

    folder: Path
    rows: Mapping[str, pa.Table]
    """Metadata by shard."""

    sha256: Mapping[str, str]

    @classmethod
    def of(cls, folder: Path) -> Previous | None:
        """Read an earlier release's tables; None when it has none that can be read."""
        try:
            index = pq.read_table(folder / layout.SHARDS)
            tables = [pq.read_table(p) for p in sorted((folder / "metadata").glob("*.parquet"))]
        except (OSError, pa.ArrowException):
            return None
        rows = {
            shard: table.filter(pc.equal(table["shard"], shard))
            for table in tables
            for shard in pc.unique(table["shard"]).to_pylist()
        }
        names, sums = index["shard"].to_pylist(), index["sha256"].to_pylist()
        return cls(folder, rows, dict(zip(names, sums, strict=True)))

    def take(
        self, shard: str, rows: pa.Table, location: Sequence[str], path: Path
    ) -> tuple[str, list[dict[str, int | None]]] | None:
        """Link a shard to `path` if it was made from these very rows and is undamaged.

        `location` names the columns of places: other ones tell of other files in the shard.

        Returns:
            Its sha256 and where each clip's payloads lie, as writing it would have given.
        """
        before = self.rows.get(shard)
        if before is None or before.column_names != [*rows.column_names, *location]:
            return None
        if not before.select(rows.column_names).equals(rows):
            return None
        old = self.folder / shard
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with old.open("rb") as file:
                if tar.sha256(file) != self.sha256.get(shard):
                    return None
            os.link(old, path)
        except OSError:  # the shard is gone, or the disk knows no links: it is written anew
            return None
        return self.sha256[shard], before.select([c for c in location if c != "shard"]).to_pylist()
