"""The typed tables of a release: what may be in them, and how they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from acav1m.release import layout

if TYPE_CHECKING:
    from pathlib import Path

TYPES = (
    pa.string(),
    pa.int64(),
    pa.float64(),
    pa.bool_(),
    pa.list_(pa.float64()),
    pa.list_(pa.string()),
)
ROWS_PER_GROUP = 65_536
FEW_VALUES = ("video_id", "source", "license", "state", "split", "shard", "error_stage")
"""Columns that repeat: a dictionary makes them small; elsewhere it costs time and space."""


def public(ledger: pa.Table) -> pa.Table:
    """Return the columns that may be published, in the release's own types.

    Raises:
        ValueError: A column has another type, or holds NaN or infinity (unknown is null).
    """
    columns = [name for name in ledger.column_names if layout.is_public(name)]
    fields = [pa.field(name, _type(name, ledger.schema.field(name).type)) for name in columns]
    table = ledger.select(columns).cast(pa.schema(fields)).combine_chunks()
    for field in table.schema:
        _require_finite(field, table.column(field.name))
    return table


def released(table: pa.Table) -> pa.Table:
    """Rows of the clips that are in the shards."""
    return table.filter(pc.field("state").isin(layout.RELEASED))


def left_out(table: pa.Table) -> pa.Table:
    """Rows of the candidates that are not: rejected or failed."""
    return table.filter(~pc.field("state").isin(layout.RELEASED))


def write(table: pa.Table, path: Path) -> None:
    """Write a table as Parquet; the same table gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        table.replace_schema_metadata(None),
        path,
        compression="zstd",
        row_group_size=ROWS_PER_GROUP,
        use_dictionary=[name for name in table.column_names if _has_dictionary(name, table[name])],
        use_byte_stream_split=[_leaf(f) for f in table.schema if _is_float(f.type)],
    )


def _has_dictionary(name: str, column: pa.ChunkedArray) -> bool:
    """Whether a column is small as a dictionary, or must be one.

    In plain strings that are all the same or null, DuckDB 2.0 takes every row for null where it
    is asked which are.
    """
    return name in FEW_VALUES or (pa.types.is_string(column.type) and column.null_count > 0)


def _type(name: str, found: pa.DataType) -> pa.DataType:
    for known in TYPES:
        if found == known:
            return known
    raise ValueError(f"column {name!r} is {found}; a release holds {', '.join(map(str, TYPES))}")


def _require_finite(field: pa.Field, column: pa.ChunkedArray) -> None:
    if not _is_float(field.type):
        return
    numbers = pc.list_flatten(column) if pa.types.is_list(field.type) else column
    if pc.all(pc.is_finite(numbers)).as_py() is False:
        raise ValueError(f"column {field.name!r} holds NaN or infinity; unknown is null")


def _is_float(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind.value_type if pa.types.is_list(kind) else kind))


def _leaf(field: pa.Field) -> str:
    return f"{field.name}.list.element" if pa.types.is_list(field.type) else str(field.name)
