"""SQL for DuckDB: connections that reach nothing else, safe spelling, and rules from recipes."""

from acav1m.sql.connection import connect
from acav1m.sql.expression import holds, reads
from acav1m.sql.spelling import bracketed, duckdb_type, first_line, identifier, quoted

__all__ = [
    "bracketed",
    "connect",
    "duckdb_type",
    "first_line",
    "holds",
    "identifier",
    "quoted",
    "reads",
]
