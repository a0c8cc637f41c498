"""Add the calibrated columns to a table of raw ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from acav1m.calibration.map import Map
    from acav1m.steps import Aligner


def apply(table: pa.Table, aligners: Iterable[Aligner], maps: Mapping[str, Map]) -> pa.Table:
    """Put each calibrated column before its raw one; without a map it is null throughout."""
    for step in aligners:
        for column, raw in step.calibrated.items():
            at = table.column_names.index(raw)
            field = pa.field(column, table.schema.field(raw).type)
            table = table.add_column(at, field, mapped(table[raw], maps.get(column)))
    return table


def mapped(raw: pa.ChunkedArray, map: Map | None) -> pa.Array:
    """A raw column as probabilities; unknown stays unknown, inside a list too."""
    whole = raw.combine_chunks()
    if map is None:
        return pa.nulls(len(whole), whole.type)
    if not pa.types.is_list(whole.type):
        return _floats(whole, map)
    inside = _floats(whole.flatten(), map)
    sizes = whole.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    unknown = whole.is_null().to_numpy(zero_copy_only=False)
    return pa.ListArray.from_arrays(pa.array(offsets), inside, mask=pa.array(unknown))


def _floats(raw: pa.Array, map: Map) -> pa.Array:
    unknown = raw.is_null().to_numpy(zero_copy_only=False)
    known = raw.fill_null(0.0).to_numpy(zero_copy_only=False)
    return pa.array(map.probabilities(known), pa.float64(), mask=unknown)
