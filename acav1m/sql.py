"""SQL expressions over columns, run by DuckDB: what they read, and whether they hold.

Filters, selectors and examples are one boolean expression each. They come from recipes written
by others, so an expression is parsed and checked before it is run: it may look at the columns of
one clip (or, with window functions, of all of them) and at nothing else, and it must give the
same answer every time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb

from acav1m.errors import RecipeError, did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    from acav1m.steps import Value

_TYPES: dict[object, str] = {
    float: "DOUBLE",
    int: "BIGINT",
    str: "VARCHAR",
    bool: "BOOLEAN",
    list[float]: "DOUBLE[]",
    list[str]: "VARCHAR[]",
    type(None): '"NULL"',
    list[None]: '"NULL"[]',
}


def connect(folders: Iterable[Path] = ()) -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB that reads only `folders`, no network, and loads no extension."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        },
    )
    allowed = ", ".join(quoted(str(folder)) for folder in folders)
    connection.execute(f"SET allowed_directories = [{allowed}]")
    connection.execute("SET enable_external_access = false")  # cannot be taken back
    return connection


def duckdb_type(python_type: object) -> str:
    """Name a column's type in DuckDB.

    >>> duckdb_type(list[float])
    'DOUBLE[]'
    """
    return _TYPES[python_type]


def quoted(text: str) -> str:
    """Write text as a SQL literal.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Write a column's name so that no word or sign in it is taken for SQL.

    >>> identifier("order")
    '"order"'
    """
    return '"' + name.replace('"', '""') + '"'


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
    query = f"SELECT coalesce({_bracketed(expression)}, false) FROM {_row(types, '?')}"
    try:
        [(answer,)] = _scratch().cursor().execute(query, list(columns.values())).fetchall()
    except duckdb.Error as error:
        raise RecipeError([f"{_first_line(error)} in {expression!r}"]) from error
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
    tree = _parsed(expression)
    complaints = [f"{what} in {expression!r}" for what in _forbidden(tree, windows=windows)]
    spelled = {name.lower(): name for name in known}
    used = set()
    for path in _column_paths(tree):
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
    query = f"DESCRIBE SELECT {_bracketed(expression)} FROM {_row(known, 'NULL')}"
    try:
        [(_, found, *_)] = _scratch().cursor().execute(query).fetchall()
    except duckdb.Error as error:
        raise RecipeError([f"{_first_line(error)} in {expression!r}"]) from error
    if found != "BOOLEAN":
        raise RecipeError([f"{expression!r} is {found}, not true or false"])


def _parsed(expression: str) -> Any:
    """The expression's syntax tree, sure to be one expression and not SQL around one."""
    tree, plain = _serialized(expression), _serialized("true")
    if tree["error"]:
        raise RecipeError([f"{tree['error_message']} in {expression!r}"])
    nodes = [statement["node"] for statement in tree["statements"]]
    shell = {**plain["statements"][0]["node"], "select_list": None}
    if len(nodes) != 1 or {**nodes[0], "select_list": None} != shell:
        raise RecipeError([f"{expression!r} is not one expression"])
    if len(nodes[0]["select_list"]) != 1:
        raise RecipeError([f"{expression!r} is several expressions"])
    return nodes[0]["select_list"][0]


def _serialized(expression: str) -> Any:
    query = "SELECT json_serialize_sql(?)"
    text = f"SELECT {_bracketed(expression)}"
    [(serialized,)] = _scratch().cursor().execute(query, [text]).fetchall()
    return json.loads(serialized)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for child in tree:
            yield from _nodes(child)


def _column_paths(tree: Any) -> Iterator[list[str]]:
    """Each column reference as its dotted path, leaving out the parameters of lambdas."""
    own = {
        node["column_names"][0]
        for lambda_ in _nodes(tree)
        if lambda_.get("class") == "LAMBDA"
        for node in _nodes(lambda_["lhs"])
        if "column_names" in node
    }
    for node in _nodes(tree):
        if "column_names" in node and node["column_names"][0] not in own:
            yield node["column_names"]
        elif node.get("class") == "FUNCTION" and node.get("schema"):
            yield [node["schema"]]  # column.function() parses as a function of that schema


def _forbidden(tree: Any, *, windows: bool) -> Iterator[str]:
    kinds = _function_kinds()
    for node in _nodes(tree):
        what, name = node.get("class"), str(node.get("function_name", "")).lower()
        if what in ("SUBQUERY", "STAR", "PARAMETER"):
            yield f"a {what.lower()} is not allowed"
        elif what == "WINDOW" and not windows:
            yield f"{name}() over (...) sees other clips, which only a selector may"
        elif what == "FUNCTION" and kinds.get(name) == "aggregate":
            yield f"{name}() sees many clips and needs 'over (...)'"
        elif what == "FUNCTION" and kinds.get(name) == "unrepeatable":
            yield f"{name}() does not give the same answer every time"
        elif what == "FUNCTION" and name in ("unnest", "unlist"):
            yield f"{name}() makes several rows of one clip"


@cache
def _function_kinds() -> dict[str, str]:
    rows = (
        _scratch()
        .cursor()
        .execute(
            "SELECT function_name, CASE WHEN function_type = 'aggregate' THEN 'aggregate'"
            " ELSE 'unrepeatable' END FROM duckdb_functions()"
            " WHERE function_type = 'aggregate' OR stability != 'CONSISTENT'"
        )
    )
    return dict(rows.fetchall())


@cache
def _scratch() -> duckdb.DuckDBPyConnection:
    return connect()


def _row(types: Mapping[str, type], value: str) -> str:
    cells = [f"{value}::{duckdb_type(t)} AS {identifier(name)}" for name, t in types.items()]
    return f"(SELECT {', '.join(cells) or 'NULL'}) AS clips"


def _bracketed(expression: str) -> str:
    return f"(\n{expression}\n)"  # on lines of its own, so that a comment in it ends there


def _type_of(value: Value) -> type:
    if isinstance(value, list):
        if not value:
            return list[None]
        return list[str] if isinstance(value[0], str) else list[float]
    return type(value)


def _first_line(error: duckdb.Error) -> str:
    return str(error).partition("\n")[0]
