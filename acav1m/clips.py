"""Clips of one stage in a work folder: their rows, and their files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Clips:
    """A row per clip, or failed try at one, and the folder in which their media lie."""

    rows: pa.Table
    media: Path

    def stem(self, row: dict[str, Any]) -> Path:
        """Where a clip's files are, less their suffix."""
        return self.media / str(row["media"])

    def gone(self, column: str) -> pa.Table:
        """Values of a column for the clips whose files are missing or cut off."""
        lying = self.rows.select([column, "media", "mp4_bytes", "flac_bytes"]).filter(
            self.rows["media"].is_valid()
        )
        gone = {
            row[column]
            for batch in lying.to_batches(max_chunksize=10_000)
            for row in batch.to_pylist()
            if not self._whole(row)
        }
        return pa.table({column: pa.array(sorted(gone), pa.string())})

    def _whole(self, row: dict[str, Any]) -> bool:
        stem = self.stem(row)
        files = ((stem.with_name(f"{stem.name}.{s}"), row[f"{s}_bytes"]) for s in ("mp4", "flac"))
        return all(path.exists() and path.stat().st_size == size for path, size in files)
