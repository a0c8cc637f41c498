"""How names, texts, types and whole expressions are written in SQL, and errors in a message."""

from __future__ import annotations

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


def bracketed(expression: str) -> str:
    r"""Write an expression for use inside SQL; on lines of its own, so a comment in it ends there.

    >>> bracketed("motion > 0 -- not a photo")
    '(\nmotion > 0 -- not a photo\n)'
    """
    return f"(\n{expression}\n)"


def shown(expression: str) -> str:
    r"""Write an expression in a message: its author's own text, on one line.

    >>> shown("motion > 0\n  AND shots = 1\n")
    "'motion > 0 AND shots = 1'"
    """
    return repr(" ".join(line.strip() for line in expression.strip().splitlines()))


def first_line(error: Exception) -> str:
    r"""What an error says, less the query and the hints that DuckDB puts below.

    >>> first_line(ValueError("too long\n\nLINE 1: ..."))
    'too long'
    """
    return (str(error) or type(error).__name__).partition("\n")[0]
