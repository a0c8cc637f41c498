"""The syntax tree of an expression: which columns it names, and what in it is forbidden."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from acav1m.errors import RecipeError
from acav1m.sql.connection import ask
from acav1m.sql.spelling import bracketed, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNREPEATABLE = (
    "ago",
    "current_localtime",
    "current_localtimestamp",
    "pg_sleep",
    "reservoir_quantile",
)
"""What DuckDB takes for repeatable, or says nothing of (a macro), and which is not."""

_VERSION_BOUND = (
    *("hash", "version", "approx_count_distinct", "approx_quantile", "approx_top_k"),
    "list_approx_count_distinct",
)
"""Repeatable, but only until DuckDB is updated: it promises nothing about its hashes."""

_COMPLAINTS = {
    "aggregate": "sees many clips and needs 'over (...)'",
    "unrepeatable": "does not give the same answer every time",
    "version-bound": "does not give the same answer in every version of DuckDB",
    "rows": "makes several rows of one clip",
}


def parse(expression: str) -> Any:
    """The expression's syntax tree, sure to be one expression and not SQL around one.

    Raises:
        RecipeError: It is not SQL, or more or less than one expression.
    """
    tree, plain = _serialized(expression), _serialized("true")
    if tree["error"]:
        raise RecipeError([f"{_complaint(tree, expression)} in {shown(expression)}"])
    nodes = [statement["node"] for statement in tree["statements"]]
    shell = {**plain["statements"][0]["node"], "select_list": None}
    if len(nodes) != 1 or {**nodes[0], "select_list": None} != shell:
        raise RecipeError([f"{shown(expression)} is not one expression"])
    if len(nodes[0]["select_list"]) != 1:
        raise RecipeError([f"{shown(expression)} is several expressions"])
    return nodes[0]["select_list"][0]


def column_paths(tree: Any) -> Iterator[list[str]]:
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


def forbidden(tree: Any, *, windows: bool) -> Iterator[str]:
    """What an expression may not hold; with `windows` it may look at other clips."""
    kinds = _function_kinds()
    for node in _nodes(tree):
        what, name = node.get("class"), str(node.get("function_name", "")).lower()
        kind = kinds.get(name)
        if what in ("SUBQUERY", "STAR", "PARAMETER"):
            yield f"a {what.lower()} is not allowed"
        elif what == "WINDOW" and not windows:
            yield f"{name}() over (...) sees other clips, which only a selector may"
        elif kind and (what == "FUNCTION" or (what == "WINDOW" and kind != "aggregate")):
            yield f"{name}() {_COMPLAINTS[kind]}"


_BEFORE = "SELECT "


def _serialized(expression: str) -> Any:
    [(serialized,)] = ask("SELECT json_serialize_sql(?)", [_BEFORE + bracketed(expression)])
    return json.loads(serialized)


def _complaint(tree: Any, expression: str) -> str:
    """What the parser says; where it stumbles over our closing bracket, in words of our own."""
    message = str(tree["error_message"]).partition("\n")[0]
    end = len((_BEFORE + bracketed(expression)).encode()) - 1
    at_end = int(tree.get("position") or 0) >= end
    return "syntax error: something is missing at the end" if at_end else message


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for child in tree:
            yield from _nodes(child)


@cache
def _function_kinds() -> dict[str, str]:
    """Functions that are not simply of one clip's columns, and why not."""
    rows = ask(
        "SELECT function_name, CASE WHEN function_type = 'aggregate' THEN 'aggregate'"
        " ELSE 'unrepeatable' END FROM duckdb_functions()"
        " WHERE function_type = 'aggregate' OR stability != 'CONSISTENT'"
    )
    return (
        {str(name): str(kind) for name, kind in rows}
        | dict.fromkeys(_UNREPEATABLE, "unrepeatable")
        | dict.fromkeys(_VERSION_BOUND, "version-bound")
        | dict.fromkeys(("unnest", "unlist"), "rows")
    )
