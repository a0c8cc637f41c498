"""The rows of a job: counted and streamed out of what a connection calls `todo`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import duckdb

    from acav1m.engines import Row


def counted(connection: duckdb.DuckDBPyConnection) -> int:
    """How many rows there are."""
    [(count,)] = connection.execute("SELECT count(*) FROM todo").fetchall()
    return int(count)


def streamed(
    connection: duckdb.DuckDBPyConnection,
    shape: Callable[[Row], Row],
    order: str = "key",
    where: str = "true",
    values: Sequence[Any] = (),
) -> Iterator[Row]:
    """The rows in this order, each in the shape that a job wants; `values` stand in `where`."""
    rows = connection.execute(f"SELECT * FROM todo WHERE {where} ORDER BY {order}", list(values))
    names = [column[0] for column in rows.description]
    while batch := rows.fetchmany(1000):
        for row in batch:
            yield shape(dict(zip(names, row, strict=True)))
