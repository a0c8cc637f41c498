"""Connections to a DuckDB that can reach nothing but what it is given."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb

from acav1m.sql.spelling import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


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


def ask(query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a query that needs no tables; the connection is kept, for opening one takes 10 ms."""
    with _scratch().cursor() as cursor:
        rows: list[tuple[Any, ...]] = cursor.execute(query, list(values)).fetchall()
    return rows


@cache
def _scratch() -> duckdb.DuckDBPyConnection:
    return connect()
