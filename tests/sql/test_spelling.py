"""Names, texts and types are written so that DuckDB takes them for what they are."""

import pytest

from acav1m.sql import connect, duckdb_type, holds, identifier, quoted


def test_names_and_text_survive_quoting() -> None:
    column, text = 'order" by', "a'; --"
    assert holds(f"{identifier(column)} = {quoted(text)}", {column: text})


@pytest.mark.parametrize("python_type", [float, int, str, bool, list[float], list[str]])
def test_types_are_duckdbs_own(python_type: type) -> None:
    name = duckdb_type(python_type)
    assert connect().execute(f"SELECT typeof(NULL::{name})").fetchall() == [(name,)]
