"""A new release takes over the shards that stay as they are."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import pyarrow as pa
import pytest

from acav1m.release import write


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def first(content, tmp_path) -> Path:
    folder = tmp_path / "first"
    write.write(content, folder)
    return folder


def test_unchanged_shards_are_linked_and_all_bytes_are_the_same(content, first, tmp_path):
    write.write(content, tmp_path / "again", previous=first)

    assert hashes(tmp_path / "again") == hashes(first)
    shards = sorted(p.relative_to(first) for p in first.glob("data/*.tar"))
    assert shards
    for shard in shards:
        assert (tmp_path / "again" / shard).stat().st_ino == (first / shard).stat().st_ino


def test_a_shard_with_a_changed_row_is_written_anew(content, first, tmp_path):
    ledger = content.ledger.to_pylist()
    changed = next(row for row in ledger if row["split"] == "test")
    changed["caption"] = "another caption"
    table = pa.Table.from_pylist(ledger, content.ledger.schema)
    write.write(dataclasses.replace(content, ledger=table), tmp_path / "again", previous=first)
    write.write(dataclasses.replace(content, ledger=table), tmp_path / "fresh")

    assert hashes(tmp_path / "again") == hashes(tmp_path / "fresh")
    same = hashes(tmp_path / "again").items() & hashes(first).items()
    assert {name for name, _ in same if name.startswith("data/")} == {
        name for name in hashes(first) if name.startswith(("data/train", "data/validation"))
    }


def test_a_damaged_shard_is_not_taken_over(content, first, tmp_path):
    write.write(content, tmp_path / "sound")
    damaged = first / "data" / "test-00000.tar"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"x")
    write.write(content, tmp_path / "again", previous=first)

    assert hashes(tmp_path / "again") == hashes(tmp_path / "sound")


def test_a_folder_that_is_no_release_is_no_help_and_no_harm(content, tmp_path):
    (tmp_path / "odd").mkdir()
    write.write(content, tmp_path / "sound")
    write.write(content, tmp_path / "again", previous=tmp_path / "odd")

    assert hashes(tmp_path / "again") == hashes(tmp_path / "sound")
