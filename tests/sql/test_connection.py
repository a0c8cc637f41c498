"""A connection reaches what it is given and nothing else."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from acav1m.sql import connect, quoted


def test_a_connection_reads_only_the_folders_given(tmp_path: Path) -> None:
    allowed, elsewhere = tmp_path / "allowed", tmp_path / "elsewhere"
    for folder in (allowed, elsewhere):
        folder.mkdir()
        (folder / "a.csv").write_text("n\n7\n")
    connection = connect([allowed])
    rows = connection.execute(f"SELECT n FROM {quoted(str(allowed / 'a.csv'))}").fetchall()
    assert rows == [(7,)]
    with pytest.raises(duckdb.PermissionException):
        connection.execute(f"SELECT n FROM {quoted(str(elsewhere / 'a.csv'))}")


def test_a_connection_cannot_be_opened_up_again() -> None:
    with pytest.raises(duckdb.Error):
        connect().execute("SET enable_external_access = true")
    with pytest.raises(duckdb.Error):
        connect().execute("INSTALL httpfs")


def test_many_joins_have_more_memory_than_is_enough_to_sort(tmp_path: Path) -> None:
    found = [f"found_{n}" for n in range(8)]
    rows = pa.table({"key": [f"k{n}" for n in range(48)]} | {name: ["?"] * 48 for name in found})
    steps = [f"step_{n}" for n in range(30)]
    joins = "".join(f" LEFT JOIN {step} USING (key)" for step in steps)
    columns = ", ".join(f"{step}.{name}" for step in steps for name in found)
    with connect(spill=tmp_path, bounded=False) as connection:
        for name in ("clips", *steps):
            connection.register(name, rows)
        joined = connection.sql(f"SELECT key, {columns} FROM clips{joins}").to_arrow_table()
    assert joined.num_rows == 48
