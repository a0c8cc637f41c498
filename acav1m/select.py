"""Decide, from columns alone, what becomes of every clip: kept, flagged or rejected."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from acav1m.errors import RecipeError
from acav1m.sql import bracketed, connect, first_line, identifier, quoted
from acav1m.sql.expression import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from acav1m.plan import Plan
    from acav1m.recipe import Splits
    from acav1m.steps import Filter

DUPLICATE = "duplicate"
"""Reason of a clip whose very bytes and times another candidate offered first."""


def select(found: pa.Table, plan: Plan) -> pa.Table:
    """Give every row its state and reasons.

    `found` has the columns of `plan.columns()`, those of `table.ERROR_COLUMNS`, and a unique
    `key`. All filters are tried on every clip, so all reasons are named; selectors then choose
    among those that passed. The ledger comes back sorted by clip_id and uri.

    Raises:
        RecipeError: A condition meets a value that it cannot take; says which one and why.
    """
    with connect() as connection:
        connection.execute("SET threads = 1")  # sums and orders must not depend on luck
        connection.register("found", found)
        with blaming(connection, plan):
            connection.execute(_judged(plan))
        for name, selector in plan.selectors.items():
            try:
                connection.execute(_chosen(name, selector.keep()))
            except duckdb.Error as error:
                raise RecipeError([blamed(f"selectors.{name}", error)]) from error
        return connection.sql(_ledger(plan.recipe.release.splits)).to_arrow_table()


@contextmanager
def blaming(connection: duckdb.DuckDBPyConnection, plan: Plan) -> Iterator[None]:
    """Blame the filters that cannot be tried on the table `found` for what goes wrong inside.

    Raises:
        RecipeError: Names each of them, and why.
    """
    try:
        yield
    except duckdb.Error as error:
        raise RecipeError(_culprits(connection, plan) or [first_line(error)]) from error


def objectors(filters: Mapping[str, Filter]) -> str:
    """SQL: the names of the filters that do not keep a clip of the table `clips`."""
    cases = [f"CASE WHEN NOT {_kept(f.keep())} THEN {quoted(n)} END" for n, f in filters.items()]
    return f"list_filter([{', '.join(['NULL', *cases])}], lambda r: r IS NOT NULL)::VARCHAR[]"


def _culprits(connection: duckdb.DuckDBPyConnection, plan: Plan) -> list[str]:
    """Try each filter alone: all that fail, and why."""
    complaints = []
    for name, step in plan.filters.items():
        try:
            connection.execute(f"SELECT bool_and({_kept(step.keep())}) FROM found AS {TABLE}")
        except duckdb.Error as error:
            complaints.append(blamed(f"filters.{name}", error))
    return complaints


def blamed(step: str, error: duckdb.Error) -> str:
    """Say which step's condition met a value that it cannot take, and what helps."""
    hint = "; try_cast gives null instead" if isinstance(error, duckdb.ConversionException) else ""
    return f"{step}: {first_line(error)}{hint}"


def _judged(plan: Plan) -> str:
    """SQL: a table `judged` with `_out` and `_marked`, the names of the filters that object."""
    marked = {name: step for name, step in plan.filters.items() if step.on_fail == "flag"}
    out = {name: step for name, step in plan.filters.items() if name not in marked}
    return f"""
        CREATE TABLE judged AS
        WITH numbered AS (
            SELECT *, row_number() OVER (
                PARTITION BY clip_id, error_kind IS NOT NULL ORDER BY source_uri, key
            ) AS _copy
            FROM found
        )
        SELECT *,
            {_duplicate()} || {objectors(out)} AS _out,
            {objectors(marked)} AS _marked
        FROM numbered AS {TABLE}
        ORDER BY clip_id, source_uri, key
    """


def _kept(keep: str) -> str:
    """SQL: whether a condition holds; null counts as no."""
    return f"coalesce({bracketed(keep)}, false)"


def _duplicate() -> str:
    return f"CASE WHEN _copy > 1 THEN [{quoted(DUPLICATE)}] ELSE [] END::VARCHAR[]"


def _chosen(name: str, keep: str) -> str:
    """SQL: objections of one selector, which sees only the clips that passed so far."""
    return f"""
        UPDATE judged SET _out = [{quoted(name)}] WHERE key IN (
            SELECT key FROM (
                SELECT key, {_kept(keep)} AS _kept FROM judged AS {TABLE}
                WHERE error_kind IS NULL AND len(_out) = 0
            ) WHERE NOT _kept
        )
    """


def _ledger(splits: Splits) -> str:
    share = f"(md5_number_lower({quoted(f'{splits.seed}:')} || video_id) % 1000000) / 1000000.0"
    return f"""
        WITH states AS (
            SELECT *, CASE
                WHEN error_kind IS NOT NULL THEN 'failed'
                WHEN len(_out) > 0 THEN 'rejected'
                WHEN len(_marked) > 0 THEN 'flagged'
                ELSE 'kept' END AS state
            FROM judged
        )
        SELECT * EXCLUDE (_out, _marked, _copy),
            CASE WHEN state = 'rejected' THEN _out ELSE [] END::VARCHAR[] AS rejected_by,
            CASE WHEN state != 'failed' THEN _marked ELSE [] END::VARCHAR[] AS flags,
            CASE WHEN state = 'rejected' AND _copy > 1 THEN clip_id END AS duplicate_of,
            CASE WHEN state NOT IN ('kept', 'flagged') THEN NULL
                WHEN {share} < {splits.train!r} THEN 'train'
                WHEN {share} < {splits.train + splits.validation!r} THEN 'validation'
                ELSE 'test' END AS split
        FROM states
        ORDER BY clip_id, source_uri, {identifier("key")}
    """
