"""Column types, and the columns every ledger has."""

from __future__ import annotations

from types import GenericAlias
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARROW: dict[type | GenericAlias, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    list[float]: pa.list_(pa.float64()),
    list[str]: pa.list_(pa.string()),
}

LISTED_COLUMNS: dict[str, Any] = {
    "source": str,
    "source_uri": str,
    "license": str,
    "license_text": str,
}
"""What a source says of a candidate, beside its own metadata columns."""

FETCH_COLUMNS: dict[str, Any] = {
    "fetched_url": str,
    "fetched_content_type": str,
    "fetched_etag": str,
    "fetched_license": str,
    "uploader_hash": str,
    "fetched_last_modified": str,
    "fetch_attempts": int,
    "fetch_error_at": str,
}
"""What is known of a download over the network; null for files of this disk."""

CUT_COLUMNS: dict[str, Any] = {
    "clip_id": str,
    "video_id": str,
    "start_s": float,
    "end_s": float,
    "duration_s": float,
    "source_sha256": str,
    "source_bytes": int,
    "source_format": str,
    "source_duration_s": float,
    "source_declared_duration_s": float,
    "source_width_px": int,
    "source_height_px": int,
    "source_fps": float,
    "source_video_codec": str,
    "source_audio_codec": str,
    "source_audio_rate_hz": int,
    "source_audio_channels": int,
    "cut_shift_s": float,
    "cut_skew_s": float,
    "decode_errors": int,
    "mp4_sha256": str,
    "mp4_bytes": int,
    "flac_sha256": str,
    "flac_bytes": int,
} | FETCH_COLUMNS
"""What the download stage finds out of a clip; of a failed one, as much as it came to know."""

REALIGN_COLUMNS: dict[str, Any] = {
    "audio_shift_s": float,
    "realign_outcome": str,
    "realign_offset_s": float,
    "realign_reason": str,
}
"""What the realign stage says of a clip: whether its sound was moved, and what came of trying."""

EDIT_COLUMNS: dict[str, Any] = {
    "edit_result": str,
    "edit_reason": str,
    "edit_transform": str,
    "edit_attempts": int,
    "orig_flac_sha256": str,
    "orig_flac_bytes": int,
}
"""What the edit stage says of a clip: what came of it, and what was done to its sound."""

MENDING_COLUMNS = REALIGN_COLUMNS | EDIT_COLUMNS
"""What the stages that mend sound add to every clip."""

EDITS_COLUMNS: dict[str, Any] = {
    "clip_id": str,
    "cycle": int,
    "planner": str,
    "base": str,
    "plan": str,
    "reason": str,
    "cause": str,
    "transform": str,
    "alignment_before": float,
    "alignment_after": float,
    "temporal_before": float,
    "temporal_after": float,
    "soundness_before": float,
    "soundness_after": float,
    "accepted": bool,
    "outcome": str,
    "observation": str,
}
"""The table of all attempts at edits, a row each; `metadata/edits.yaml` says what they mean."""

ERROR_COLUMNS: dict[str, Any] = {
    "error_stage": str,
    "error_kind": str,
    "error_message": str,
    "error_transient": bool,
}

VERDICT_COLUMNS: dict[str, Any] = {
    "state": str,
    "rejected_by": list[str],
    "flags": list[str],
    "duplicate_of": str,
    "split": str,
}
"""What the select stage adds."""

CORE_COLUMNS = CUT_COLUMNS | LISTED_COLUMNS | MENDING_COLUMNS | ERROR_COLUMNS | VERDICT_COLUMNS


def arrow_type(kind: Any) -> pa.DataType:
    """The Arrow type of a column type.

    >>> arrow_type(list[float])
    ListType(list<item: double>)
    """
    return _ARROW[kind]


def schema(columns: Mapping[str, Any]) -> pa.Schema:
    """The Arrow schema of columns."""
    return pa.schema([(name, arrow_type(kind)) for name, kind in columns.items()])


def column_type(arrow: pa.DataType) -> Any:
    """The column type that holds values of an Arrow type, None if there is none.

    >>> column_type(pa.int32()), column_type(pa.timestamp("s"))
    (<class 'int'>, None)
    """
    if pa.types.is_boolean(arrow):
        return bool
    if pa.types.is_integer(arrow):
        return int
    if pa.types.is_floating(arrow) or pa.types.is_decimal(arrow):
        return float
    if pa.types.is_string(arrow) or pa.types.is_large_string(arrow):
        return str
    if pa.types.is_list(arrow):
        inner = column_type(arrow.value_type)
        return {str: list[str], float: list[float], int: list[float]}.get(inner)
    return None
