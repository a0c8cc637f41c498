"""Columns of what is said about samples one by one: their types, and values that fit them."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from acav1m import resources
from acav1m.errors import AcavError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Name = Literal["str", "int", "float", "bool", "list[float]", "list[str]"]
TYPES: dict[str, Any] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "list[float]": list[float],
    "list[str]": list[str],
}


def is_free(name: str) -> bool:
    """Whether a sample's field may become a column: what the package finds out itself may not.

    >>> is_free("topic"), is_free("source_caption"), is_free("duration_s"), is_free("a-b")
    (True, True, False, False)
    """
    from acav1m.fit import NAME
    from acav1m.listing import RESERVED

    ours = (c for c, about in resources.columns().items() if _is_of_package(about))
    taken = {*ours, *RESERVED, *resources.edits()}
    return bool(NAME.fullmatch(name)) and not name.startswith("_") and name.lower() not in taken


def guessed(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Columns with the types that all these values fit; fields without a value have none.

    >>> guessed([{"a": 1, "b": None, "c": [1]}, {"a": 0.5, "b": "x", "d": {}}])
    {'a': <class 'float'>, 'c': list[float], 'b': <class 'str'>}
    """
    found: dict[str, Any] = {}
    for row in rows:
        for name, value in row.items():
            kind = _kind(value)
            if kind is not None and is_free(name):
                found[name] = _wider(found.get(name, kind), kind)
    return found


def fitted(row: Mapping[str, Any], columns: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The columns of one sample; what it does not say is None.

    Raises:
        AcavError: A value is of another type.
    """
    return {name: _value(row.get(name), kind, name, where) for name, kind in columns.items()}


def _is_of_package(about: Mapping[str, Any]) -> bool:
    return not str(about["added_by"]).startswith("sources.")


def _kind(value: Any) -> Any:
    """The type of a JSON value; None where it has none that a column can have."""
    if isinstance(value, list):
        inner = {_kind(v) for v in value if v is not None}
        if inner and inner <= {int, float}:
            return list[float]
        return list[str] if inner == {str} else None
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return str  # a number of 20 digits is a name, not an amount
    return type(value) if isinstance(value, bool | int | float | str) else None


def _wider(one: Any, other: Any) -> Any:
    if one == other:
        return one
    return float if {one, other} == {int, float} else str


def _value(value: Any, kind: Any, name: str, where: str) -> Any:
    if value is None:
        return None
    value = float(value) if isinstance(value, Decimal) else value
    if kind is str:
        return value if isinstance(value, str) else _shown(value)
    found = _kind(value)
    if found == kind or (found, kind) == (int, float):
        return _plain(value, kind)
    if value == [] and kind in (list[float], list[str]):
        return []
    if kind is int and found is float and value.is_integer():
        return int(value)
    short = _shown(value)[:40]
    type_ = next(word for word, known in TYPES.items() if known == kind)
    raise AcavError(
        f"{where}: '{name}' is {short}, where the first samples have {type_}; "
        f"name the types, or leave it out: metadata: {{{name}: str}}"
    )


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _plain(value: Any, kind: Any) -> Any:
    """No number is None."""
    if isinstance(value, list):
        return [_plain(v, float) if kind == list[float] and v is not None else v for v in value]
    if kind is float:
        return float(value) if math.isfinite(value) else None
    return value
