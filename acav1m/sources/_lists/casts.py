"""Which column type a list's column becomes, and the SQL that makes it so."""

from __future__ import annotations

import re
from typing import Any

from acav1m.sql import duckdb_type, identifier

_LISTS: dict[Any, Any] = {float: list[float], int: list[float], str: list[str]}

_KINDS: dict[str, Any] = {
    "BOOLEAN": bool,
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT"), int),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER"), int),
    **dict.fromkeys(("UBIGINT", "HUGEINT", "UHUGEINT"), int),
    **dict.fromkeys(("FLOAT", "DOUBLE", "DECIMAL"), float),
    **dict.fromkeys(("VARCHAR", "ENUM", "UUID", "JSON", "DATE", "TIME"), str),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), str),
    "TIMESTAMP WITH TIME ZONE": str,
}
_WIDE = ("UBIGINT", "HUGEINT", "UHUGEINT")


def kind(duckdb: str) -> Any:
    """The column type that holds values of a DuckDB type, None if there is none.

    >>> kind("INTEGER"), kind("DATE"), kind("DECIMAL(5,2)[]"), kind("STRUCT(a INTEGER)")
    (<class 'int'>, <class 'str'>, list[float], None)
    """
    name, listed = _parts(duckdb)
    found = _KINDS.get(name)
    return _LISTS.get(found) if listed else found


def is_wide(duckdb: str) -> bool:
    """Whether whole numbers of this type may need more than 64 bits."""
    return duckdb in _WIDE


def cast(column: str, duckdb: str, wanted: Any) -> str:
    """SQL that gives a column as the wanted type; points in time become text as in ISO 8601.

    No number is null: a text list may say `nan`.
    """
    name, inner = identifier(column), _parts(duckdb)[0]
    if wanted == list[str]:
        return f"list_transform({name}, lambda _: {_text('_', inner)})"
    if wanted is str:
        return _text(name, inner)
    if wanted == list[float]:
        return f"list_transform({name}::DOUBLE[], lambda _: nullif(_, 'nan'))"
    if wanted is float:
        return f"nullif({name}::DOUBLE, 'nan')"
    return f"CAST({name} AS {duckdb_type(wanted)})"


def _text(value: str, duckdb: str) -> str:
    if duckdb == "JSON":
        return f"{value} ->> '$'"
    if duckdb == "TIMESTAMP WITH TIME ZONE":  # shown in the zone of this machine, if left alone
        return f"{_text(f'make_timestamp(epoch_us({value}))', 'TIMESTAMP')} || 'Z'"
    text = f"CAST({value} AS VARCHAR)"
    return f"replace({text}, ' ', 'T')" if duckdb.startswith("TIMESTAMP") else text


def _parts(duckdb: str) -> tuple[str, bool]:
    """A type's name without its arguments, and whether it is a list of it."""
    inner = re.sub(r"\[\d*\]$", "", duckdb)
    return re.sub(r"\(.*\)$", "", inner), inner != duckdb
