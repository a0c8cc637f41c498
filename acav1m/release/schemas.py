"""The columns of a release's tables, known before they are written."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from acav1m.release import layout


@dataclass(frozen=True)
class Schemas:
    """Columns with their types."""

    clips: pa.Schema
    """Of the JSON members, and of `rejected`."""

    location: pa.Schema
    """What `metadata` has beside them."""

    edits: pa.Schema | None = None
    """Of the table of edits; None in a release without editors."""

    @property
    def metadata(self) -> pa.Schema:
        """All columns of `metadata`."""
        return pa.schema([*self.clips, *self.location])

    @property
    def has_originals(self) -> bool:
        """Whether shards may hold the sound as it was before editing."""
        return set(layout.ORIGINAL_LOCATION) <= set(self.location.names)
