"""Connections to a DuckDB that can reach nothing but what it is given."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb

from acav1m.sql.spelling import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


MEMORY = "160MB"
"""What DuckDB may take where a list of any length goes through it; the rest spills to disk."""

THREADS = 2
"""How many share that: each needs some of it, and a machine may have a hundred cores."""


def connect(
    folders: Iterable[Path] = (), spill: Path | None = None, *, bounded: bool = True
) -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB that reads only `folders`, no network, and loads no extension.

    With a folder to `spill` to, its memory is bounded: by `MEMORY`, of which it tells no more
    than its buffers, so a process grows by about a quarter more. That is enough to sort or to
    look up; each join takes some of it that cannot be spilled, so for many it is not `bounded`.
    """
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        },
    )
    connection.execute("SET enable_progress_bar = false")  # it would stand among our results
    if spill is not None:
        connection.execute(f"SET temp_directory = {quoted(str(spill))}")
        if bounded:
            connection.execute(f"SET memory_limit = {quoted(MEMORY)}")
            connection.execute(f"SET threads = {THREADS}")
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
