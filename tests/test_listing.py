"""The list of candidates: a key says what a candidate is, not where it stands."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from acav1m import listing
from acav1m.errors import AcavError, RecipeError
from acav1m.plan import Plan, resolve
from acav1m.release import layout

Write = Callable[..., list[dict[str, Any]]]


def _plan(**sources: dict[str, Any]) -> Plan:
    recipe = {"name": "x", "version": "0.1.0", "about": "x", "license": "CC0-1.0"}
    return resolve({**recipe, "sources": sources})


@pytest.fixture
def listed(tmp_path: Path) -> Write:
    """List videos by name in a CSV, and read back the candidates."""

    def write(lines: Sequence[str], head: str = "path", limit: int | None = None) -> list[Any]:
        (tmp_path / "list.csv").write_text("\n".join([head, *lines]) + "\n")
        plan = _plan(files={"path": str(tmp_path / "list.csv")})
        count = listing.write(plan, tmp_path / "listing.parquet", limit)
        rows: list[Any] = pq.read_table(tmp_path / "listing.parquet").to_pylist()
        assert count.candidates == len(rows)
        return rows

    return write


def _keys(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {row["source_uri"]: row["key"] for row in rows}


def test_a_row_is_a_candidate(listed: Write, tmp_path: Path) -> None:
    [row] = listed(["a.mp4,1,2.5,CC0-1.0,dog,3"], "path,start_s,end_s,license,label,n")
    assert row == {
        "key": row["key"],
        "locator": str(tmp_path / "a.mp4"),
        "asked_start_s": 1.0,
        "asked_end_s": 2.5,
        "stamp": "",
        "repeats": None,
        "source": "files",
        "source_uri": "a.mp4",
        "license": "CC0-1.0",
        "license_text": "CC0-1.0",
        "listed_uploader_hash": None,
        "listed_uploader_marks": None,
        "label": "dog",
        "n": 3,
    }


def test_the_order_is_the_sources(listed: Write) -> None:
    names = [f"{number * 7 % 1000}.mp4" for number in range(1000)]
    assert [row["source_uri"] for row in listed(names)] == names


def test_a_list_that_grew_or_moved_keeps_its_keys(listed: Write) -> None:
    before = _keys(listed(["a.mp4", "b.mp4", "c.mp4"]))
    after = _keys(listed(["new.mp4", "c.mp4", "a.mp4", "b.mp4"]))
    assert before.items() < after.items()
    assert len(set(after.values())) == 4


def test_another_span_is_another_candidate(listed: Write) -> None:
    rows = listed(["a.mp4,0,5", "a.mp4,5,9", "a.mp4,,"], "path,start_s,end_s")
    assert len({row["key"] for row in rows}) == 3


def test_another_content_is_another_candidate(listed: Write, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"one")
    os.utime(tmp_path / "a.mp4", (1, 1))
    [before], [again] = listed(["a.mp4"]), listed(["a.mp4"])
    os.utime(tmp_path / "a.mp4", (2, 2))
    [after] = listed(["a.mp4"])
    assert before["key"] == again["key"] != after["key"]


def test_metadata_changes_no_key(listed: Write) -> None:
    [before] = listed(["a.mp4,dog"], "path,label")
    [after] = listed(["a.mp4,cat"], "path,label")
    assert before["key"] == after["key"]
    assert (before["label"], after["label"]) == ("dog", "cat")


def test_the_same_candidate_twice_has_two_keys(listed: Write) -> None:
    rows = listed(["a.mp4", "b.mp4", "a.mp4", "a.mp4"])
    key = rows[0]["key"]
    assert [row["key"] for row in rows] == [key, rows[1]["key"], f"{key}-2", f"{key}-3"]


def test_metadata_stays_with_its_file_when_the_list_is_turned_round(
    listed: Write, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Elsewhere is a folder whose files the release names by nothing but their names."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for name in ("one", "two"):
        (elsewhere / name).mkdir()
        (elsewhere / name / "a.mp4").touch()
        os.utime(elsewhere / name / "a.mp4", (1, 1))
    lines = [f"{elsewhere}/one/a.mp4,dog", f"{elsewhere}/two/a.mp4,cat"]
    forth = {row["key"]: row["label"] for row in listed(lines, "path,label")}
    assert forth == {row["key"]: row["label"] for row in listed(lines[::-1], "path,label")}
    assert len(forth) == 2


def test_a_limit_takes_the_first(listed: Write) -> None:
    names = [f"{number}.mp4" for number in range(9)]
    assert [row["source_uri"] for row in listed(names, limit=4)] == names[:4]


def test_sources_follow_each_other_and_share_columns(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("path,event\na.mp4,bark\n")
    plan = _plan(files={"path": str(tmp_path / "list.csv")}, synthetic={"clips": 3})
    assert listing.write(plan, tmp_path / "listing.parquet", None).candidates == 4
    rows = pq.read_table(tmp_path / "listing.parquet").to_pylist()
    assert [row["source"] for row in rows] == ["files", "synthetic", "synthetic", "synthetic"]
    assert rows[0]["event"] == "bark"
    assert rows[0]["true_labels_per_s"] is None
    assert rows[1]["true_labels_per_s"]


def test_nothing_but_the_list_is_left(listed: Write, tmp_path: Path) -> None:
    listed(["a.mp4"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["list.csv", "listing.parquet"]


def test_a_wrong_row_leaves_the_old_list(listed: Write, tmp_path: Path) -> None:
    listed(["a.mp4,0"], "path,start_s")
    before = (tmp_path / "listing.parquet").read_bytes()
    with pytest.raises(AcavError, match="start_s -1"):
        listed(["a.mp4,0", "b.mp4,-1"], "path,start_s")
    assert (tmp_path / "listing.parquet").read_bytes() == before


@pytest.mark.parametrize("name", ["order", "Case", "x2", "select", "rowid", "clips"])
def test_a_lists_column_may_have_any_plain_name(listed: Write, name: str) -> None:
    [row] = listed(["a.mp4,dog"], f"path,{name}")
    assert row[name] == "dog"


@pytest.mark.parametrize("name", ["a b", "x;y", "it''s", "ünï", "a.b", "2nd", "x-y"])
def test_a_lists_column_may_not_have_a_name_that_trips_readers(listed: Write, name: str) -> None:
    """Croissant refuses whitespace in an @id, and SQL takes a dot for a field."""
    with pytest.raises(RecipeError, match=f"column '{name}' would trip readers; rename it in"):
        listed(["a.mp4,dog"], f"path,{name}")


@pytest.mark.parametrize(
    "name",
    [
        *layout.EVERY_LOCATION,
        "Shard",
        "key",
        "Key",
        "License",
        "stamp",
        "locator",
        "media",
        "_at",
        "_copy",
        "Clip_ID",
    ],
)
def test_a_lists_column_may_not_take_a_name_in_use(listed: Write, name: str) -> None:
    """SQL tells no capitals apart, so `License` once hid the licence."""
    with pytest.raises(RecipeError, match=f"column '{name}' is taken; rename it in the list"):
        listed(["a.mp4,dog"], f"path,{name}")
