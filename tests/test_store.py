"""What is in the store is done: whole files only, each row once, whoever wrote it twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from acav1m.store import Store, write_parquet

SCHEMA = pa.schema([("key", pa.string()), ("lufs", pa.float64()), ("tags", pa.list_(pa.string()))])


def _rows(*keys: str, lufs: float | None = None) -> pa.Table:
    rows = [{"key": key, "lufs": lufs, "tags": ["a"]} for key in keys]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", SCHEMA)


def test_an_empty_store_has_the_columns_and_no_rows(store: Store) -> None:
    assert store.read().schema == SCHEMA
    assert store.read().num_rows == 0
    assert store.read(["lufs"]).column_names == ["lufs"]


def test_every_part_is_read(store: Store) -> None:
    store.commit("part-2", _rows("c", "d"))
    store.commit("part-1", _rows("b", "a"))
    assert sorted(store.read()["key"].to_pylist()) == ["a", "b", "c", "d"]
    assert store.read().schema == SCHEMA


def test_of_a_row_that_two_parts_hold_the_newer_counts(store: Store) -> None:
    store.commit("part-2", _rows("a", "b", lufs=-1.0))
    os.utime(store.folder / "part-2.parquet", (1, 1))
    store.commit("part-1", _rows("b", "c", lufs=-2.0))
    rows = sorted(store.read().to_pylist(), key=lambda row: row["key"])
    assert [(row["key"], row["lufs"]) for row in rows] == [("a", -1.0), ("b", -2.0), ("c", -2.0)]
    assert [row["tags"] for row in rows] == [["a"]] * 3


def test_a_row_comes_once_also_when_its_key_is_not_asked_for(store: Store) -> None:
    store.commit("part-1", _rows("a", "b", lufs=-1.0))
    os.utime(store.folder / "part-1.parquet", (1, 1))
    store.commit("part-2", _rows("b", lufs=-2.0))
    assert sorted(store.read(["lufs"])["lufs"].to_pylist()) == [-2.0, -1.0]
    assert store.read(["lufs", "key"]).column_names == ["lufs", "key"]


def test_a_part_of_other_types_is_brought_to_the_schema(store: Store) -> None:
    part = pa.table({"key": ["a"], "lufs": pa.array([-20], pa.int8()), "tags": pa.nulls(1)})
    store.commit("part-1", part)
    assert store.read().schema == SCHEMA
    assert store.read().to_pylist() == [{"key": "a", "lufs": -20.0, "tags": None}]


def test_a_part_without_a_column_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="field names"):
        store.commit("part-1", pa.table({"key": ["a"]}))
    assert store.read().num_rows == 0


def test_what_was_left_unfinished_is_not_read(store: Store) -> None:
    store.commit("part-1", _rows("a"))
    whole = (store.folder / "part-1.parquet").read_bytes()
    (store.folder / ".part-2.parquet.unfinished").write_bytes(whole[: len(whole) // 2])
    assert store.read()["key"].to_pylist() == ["a"]
    store.commit("part-2", _rows("b"))
    assert sorted(path.name for path in store.folder.iterdir()) == [
        "part-1.parquet",
        "part-2.parquet",
    ]


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_parquet(tmp_path / name, _rows("a", "b", lufs=0.5))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_kill_leaves_all_of_a_file_or_nothing(tmp_path: Path) -> None:
    """The writer is killed as it flushes, when the bytes are there under a temporary name."""
    script = (
        "import os, sys, pathlib, pyarrow as pa\n"
        "from acav1m import store\n"
        "os.fsync = lambda descriptor: os.kill(os.getpid(), 9)\n"
        "store.write_parquet(pathlib.Path(sys.argv[1]), pa.table({'key': ['new']}))\n"
    )
    path = tmp_path / "part.parquet"
    write_parquet(path, pa.table({"key": ["old"]}))
    killed = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert killed.returncode == -9
    assert pq.read_table(path)["key"].to_pylist() == ["old"]
    assert Store(tmp_path, pa.schema([("key", pa.string())])).read().num_rows == 1


def test_a_full_disk_leaves_no_part(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    (tmp_path / ".part.parquet.unfinished").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        write_parquet(tmp_path / "part.parquet", _rows("a"))
    assert not (tmp_path / "part.parquet").exists()


def test_columns_that_an_older_version_did_not_have_are_unknown(tmp_path: Path) -> None:
    Store(tmp_path, pa.schema([("key", pa.string())])).commit("old", pa.table({"key": ["a"]}))
    schema = pa.schema([("key", pa.string()), ("found_at", pa.int64())])
    store = Store(tmp_path, schema)
    store.commit("new", pa.table({"key": ["b"], "found_at": [1]}, schema=schema))
    assert store.read().sort_by("key").to_pydict() == {"key": ["a", "b"], "found_at": [None, 1]}
