"""A connection reaches what it is given and nothing else."""

from pathlib import Path

import duckdb
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
