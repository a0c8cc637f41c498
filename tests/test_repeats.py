"""What a list names again is looked at once, and comes out as what became of the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from acav1m import repeats, table
from acav1m.build import build
from acav1m.how import How
from acav1m.listing import ASKED
from acav1m.plan import resolve

SCHEMA = table.schema(ASKED | table.LISTED_COLUMNS | {"label": str})
Mark = Callable[[Sequence[dict[str, Any]]], tuple[tuple[int, int], list[dict[str, Any]]]]


@pytest.fixture
def mark(tmp_path: Path) -> Mark:
    """Mark a listing of these rows; what `mark` says, and the rows that it writes."""

    def marked(rows: Sequence[dict[str, Any]]) -> tuple[tuple[int, int], list[dict[str, Any]]]:
        listed, to = tmp_path / "listed", tmp_path / "marked.parquet"
        pq.write_table(pa.Table.from_pylist(list(rows), schema=SCHEMA), listed, row_group_size=3)
        said = repeats.mark(listed, to, tmp_path)
        return said, pq.read_table(to).to_pylist()

    return marked


def _row(key: str, uri: str, start_s: float | None = None, **more: Any) -> dict[str, Any]:
    return {"key": key, "source": "urls", "source_uri": uri, "asked_start_s": start_s, **more}


def _keys(rows: Sequence[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [(row["key"], row["repeats"]) for row in rows]


def test_a_repeat_says_whose_it_is(mark: Mark) -> None:
    rows = [_row("a", "x"), _row("b", "y"), _row("a", "x"), _row("b", "y"), _row("a", "x")]
    said, found = mark(rows)
    assert said == (2, 3)
    assert _keys(found) == [("a", None), ("b", None), ("a-2", "a"), ("b-2", "b"), ("a-3", "a")]


def test_clips_of_a_video_are_no_repeats(mark: Mark) -> None:
    said, found = mark([_row("a", "x", 0.0), _row("b", "x", 10.0), _row("c", "x")])
    assert said == (1, 0)
    assert _keys(found) == [("a", None), ("b", None), ("c", None)]


def test_two_that_share_a_digest_by_chance_are_both_looked_at(mark: Mark) -> None:
    """48 bits of a million candidates collide about twice in a thousand lists."""
    rows = [_row("a", "x"), _row("a", "y"), _row("a", "y"), _row("a", "x")]
    said, found = mark(rows)
    assert said == (2, 2)
    assert _keys(found) == [("a", None), ("a-2", None), ("a-3", "a-2"), ("a-4", "a")]


def test_all_but_keys_stays_as_it_was_listed_and_in_order(mark: Mark) -> None:
    rows = [_row("a", "x", label=str(number)) for number in range(10)]
    _, found = mark(rows)
    assert [row["label"] for row in found] == [str(number) for number in range(10)]
    assert {row["source_uri"] for row in found} == {"x"}


def test_a_list_of_nothing_but_one_candidate_is_marked(mark: Mark) -> None:
    said, found = mark([_row("a", "x")] * 1000)
    assert said == (1, 999)
    assert found[-1]["key"] == "a-1000"


LISTED = (
    *(("d002.mp4", "first"), ("d002.mp4", "again")),
    *(("no such file.mp4", "gone"), ("no such file.mp4", "gone too")),
)
FOUND = pa.schema([(name, pa.string()) for name in ("key", "candidate", "clip_id", "label")])


@pytest.fixture
def listing(tmp_path: Path, mark: Mark) -> Path:
    mark([_row("a", "x", label="dog"), _row("b", "y"), _row("a", "x", label="cat")])
    return tmp_path / "marked.parquet"


def test_a_repeat_comes_out_as_every_clip_of_the_first_with_its_own_metadata(
    listing: Path,
) -> None:
    rows = [
        {"key": "a-0", "candidate": "a", "clip_id": "v_0", "label": "dog"},
        {"key": "a-10000", "candidate": "a", "clip_id": "v_10", "label": "dog"},
        {"key": "b", "candidate": "b", "clip_id": "uri-1", "label": None},
    ]
    told = repeats.told(pa.Table.from_pylist(rows, schema=FOUND), listing).to_pylist()
    assert told[:3] == rows
    assert sorted(told[3:], key=lambda row: row["key"]) == [
        {"key": "a-0-a-2", "candidate": "a-2", "clip_id": "v_0", "label": "cat"},
        {"key": "a-10000-a-2", "candidate": "a-2", "clip_id": "v_10", "label": "cat"},
    ]


def test_what_is_not_listed_again_stays_the_very_table(tmp_path: Path, mark: Mark) -> None:
    mark([_row("a", "x"), _row("b", "y")])
    rows = [{"key": key, "candidate": key, "clip_id": key, "label": None} for key in "ab"]
    found = pa.Table.from_pylist(rows, schema=FOUND)
    assert repeats.told(found, tmp_path / "marked.parquet").equals(found)


@pytest.mark.slow
def test_a_build_decodes_once_what_is_listed_again(clips: Path, tmp_path: Path) -> None:
    lines = [f"{clips / name},0,2,{label}" for name, label in LISTED]
    (tmp_path / "list.csv").write_text("\n".join(["path,start_s,end_s,label", *lines]) + "\n")
    recipe = {
        **{"name": "x", "version": "0.1.0", "about": "x", "license": "CC0-1.0"},
        "sources": {"files": {"path": str(tmp_path / "list.csv")}},
        "cut": {"seconds": 2, "min_s": 1},
        "measures": {"probe": {}},
    }
    report = build(resolve(recipe), tmp_path / "out", How(workers=1))
    assert (report.candidates, report.repeats, report.decoded) == (4, 2, 1)
    ledger = pq.read_table(tmp_path / "out.work" / "ledger.parquet").to_pylist()
    found = {row["label"]: (row["state"], row["rejected_by"], row["error_kind"]) for row in ledger}
    assert found == {
        "first": ("kept", [], None),
        "again": ("rejected", ["duplicate"], None),
        "gone": ("failed", [], "missing"),
        "gone too": ("failed", [], "missing"),
    }
    [second] = [row for row in ledger if row["label"] == "again"]
    assert second["duplicate_of"] == second["clip_id"]
