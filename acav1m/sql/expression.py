"""Boolean expressions over columns: what they read, and whether they hold.

Filters, selectors and examples are one boolean expression each. They come from recipes written
by others, so an expression is parsed and checked before it is run: it may look at the columns of
one clip (or, with window functions, of all of them) and at nothing else, and it must give the
same answer every time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from acav1m.errors import RecipeError, did_you_mean
from acav1m.sql import syntax
from acav1m.sql.connection import ask
from acav1m.sql.spelling import bracketed, duckdb_type, first_line, identifier, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.steps import Value

TABLE = "clips"
"""What the rows are called, wherever an expression runs: it may say `clips.motion`."""


def holds(expression: str, columns: Mapping[str, Value]) -> bool:
    """Whether the expression is true of a row with these columns; null counts as False.

    >>> holds("lufs >= -40 and not silent", {"lufs": -23.0, "silent": False})
    True
    >>> holds("lufs >= -40", {"lufs": None})
    False

    Raises:
        RecipeError: The expression is wrong, or reads a column the row lacks.
    """
    types = {name: _type_of(value) for name, value in columns.items()}
    reads(expression, types, windows=False)
    query = f"SELECT coalesce({bracketed(expression)}, false) FROM {_row(types, '?')}"
    try:
        [(answer,)] = ask(query, list(columns.values()))
    except duckdb.Error as error:
        raise RecipeError([f"{first_line(error)} in {shown(expression)}"]) from error
    return bool(answer)


def reads(expression: str, known: Mapping[str, type], *, windows: bool = True) -> set[str]:
    """Names of the columns an expression uses, once it is sure to be safe and boolean.

    >>> sorted(reads("motion > 0.01 or shots >= 1", {"motion": float, "shots": int, "lufs": float}))
    ['motion', 'shots']

    Selectors may look at other clips through window functions, filters (`windows=False`) may not.

    Raises:
        RecipeError: It does not parse or bind, is not boolean, uses an unknown column, a
            subquery, an aggregate outside a window, or a function that is not repeatable.
    """
    tree = syntax.parse(expression)
    complaints = [
        f"{what} in {shown(expression)}" for what in syntax.forbidden(tree, windows=windows)
    ]
    spelled = {name.lower(): name for name in known}
    used = set()
    for path in syntax.column_paths(tree):
        found = next((spelled[part.lower()] for part in path if part.lower() in spelled), None)
        if found is None:
            complaints.append(f"no column {path[-1]!r}{did_you_mean(path[-1], known)}")
        else:
            used.add(found)
    if complaints:
        raise RecipeError(complaints)
    _check_boolean(expression, {name: known[name] for name in sorted(used)})
    return used


def _check_boolean(expression: str, known: Mapping[str, type]) -> None:
    query = f"DESCRIBE SELECT {bracketed(expression)} FROM {_row(known, 'NULL')}"
    try:
        [(_, found, *_)] = ask(query)
    except duckdb.Error as error:
        raise RecipeError([f"{first_line(error)} in {shown(expression)}"]) from error
    if found != "BOOLEAN":
        raise RecipeError([f"{shown(expression)} is {found}, not true or false"])


def _row(types: Mapping[str, type], value: str) -> str:
    cells = [f"{value}::{duckdb_type(t)} AS {identifier(name)}" for name, t in types.items()]
    return f"(SELECT {', '.join(cells) or 'NULL'}) AS {TABLE}"


def _type_of(value: Value) -> type:
    if isinstance(value, list):
        if not value:
            return list[None]
        return list[str] if isinstance(value[0], str) else list[float]
    return type(value)
