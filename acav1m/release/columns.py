"""What each column of a release means, in words and in the types of each reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from acav1m import resources

if TYPE_CHECKING:
    from collections.abc import Mapping

_RELEASE_ONLY = {
    "shard": "Path of the shard that holds the clip's files.",
    "mp4_offset": "First byte of the clip's mp4 in its shard.",
    "mp4_size": "Bytes of the clip's mp4 in its shard.",
    "flac_offset": "First byte of the clip's flac in its shard.",
    "flac_size": "Bytes of the clip's flac in its shard.",
    "orig_flac_offset": "First byte of its sound before editing in its shard; null if not edited.",
    "orig_flac_size": "Bytes of its sound before editing in its shard; null if not edited.",
}

_FEATURES = {
    pa.string(): "string",
    pa.int64(): "int64",
    pa.float64(): "float64",
    pa.bool_(): "bool",
}
_CROISSANT = {
    pa.string(): "sc:Text",
    pa.int64(): "sc:Integer",
    pa.float64(): "sc:Float",
    pa.bool_(): "sc:Boolean",
}


def describe(name: str) -> str:
    """Say what a column holds, with unit and range where the column dictionary has them."""
    known = resources.columns().get(name, {})
    meaning = known.get("meaning") or _RELEASE_ONLY.get(name)
    if not meaning:
        return f"`{name}` as the source or a step outside this package gave it."
    return _described(str(meaning), known)


def describe_edit(name: str) -> str:
    """Say what a column of the table of edits holds."""
    known = resources.edits()[name]
    return _described(known["meaning"], known)


def _described(meaning: str, known: Mapping[str, Any]) -> str:
    extra = [str(known["unit"])] if known.get("unit") else []
    extra += [_range(*known["range"])] if known.get("range") else []
    return " ".join(meaning.split()) + (f" ({'; '.join(extra)})" if extra else "")


def _range(low: float | None, high: float | None) -> str:
    if high is None:
        return f"{low} or more"
    return f"{high} or less" if low is None else f"{low} to {high}"


def type_name(kind: pa.DataType) -> str:
    """Name of a column's type as the card prints it.

    >>> type_name(pa.list_(pa.float64())), type_name(pa.string())
    ('list of float64', 'string')
    """
    return f"list of {_FEATURES[kind.value_type]}" if pa.types.is_list(kind) else _FEATURES[kind]


def feature(field: pa.Field) -> dict[str, str]:
    """A column as `datasets` declares it in the card's front matter.

    >>> feature(pa.field("flags", pa.list_(pa.string())))
    {'name': 'flags', 'list': 'string'}
    """
    if pa.types.is_list(field.type):
        return {"name": field.name, "list": _FEATURES[field.type.value_type]}
    return {"name": field.name, "dtype": _FEATURES[field.type]}


def croissant_type(kind: pa.DataType) -> dict[str, object]:
    """A column's type as Croissant 1.1 declares it.

    >>> croissant_type(pa.int64())
    {'dataType': 'sc:Integer'}
    """
    if pa.types.is_list(kind):
        return {"dataType": _CROISSANT[kind.value_type], "isArray": True, "arrayShape": "-1"}
    return {"dataType": _CROISSANT[kind]}
