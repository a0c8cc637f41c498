"""What becomes of rows that lists name, before and after their clips were looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from acav1m.consent import book, outs, refused
from acav1m.consent.lists import List
from acav1m.consent.outs import Outs
from acav1m.consent.salt import Salt
from acav1m.stages.download import SCHEMA

SUM = "ab" * 32


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    """Three videos, of which the second has two candidates."""
    rows = [
        {"key": key, "source_uri": uri, "asked_start_s": start_s}
        for key, uri, start_s in (("a", "a.mp4", None), ("b", "b.mp4", 0.0), ("c", "b.mp4", 1.0))
    ] + [{"key": "d", "source_uri": "https://example.org/d.mp4", "asked_start_s": None}]
    found = pa.Table.from_pylist(rows)
    for name, kind in (("asked_end_s", pa.float64()), ("listed_uploader_marks", MARKS)):
        found = found.append_column(name, pa.nulls(len(rows), kind))
    pq.write_table(found, tmp_path / "listing.parquet")
    return tmp_path / "listing.parquet"


MARKS = pa.list_(pa.string())


def _clips(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist([{"media": "m", **row} for row in rows], SCHEMA)


def _book(folder: Path, *entries: str) -> book.Book:
    path = folder / "list.txt"
    path.write_text("\n".join(entries))
    named = List(path.name, "consent.opt_out[0]", path, SUM)
    book.write([named], Salt(folder / "salt"), folder / "book")
    return book.Book(folder / "book")


CLIPS = _clips(
    {"key": "a-0", "candidate": "a", "clip_id": "a_0_2000", "flac_sha256": SUM, "start_s": 0.0},
    {"key": "a-2", "candidate": "a", "clip_id": "a_2000_4000", "start_s": 2.0},
    {"key": "b-0", "candidate": "b", "clip_id": "b_0_2000", "source_sha256": "cd" * 32},
)


def test_nobody_is_named(listing: Path, tmp_path: Path) -> None:
    found = outs.look(_book(tmp_path, "x.mp4"), listing, [CLIPS])
    assert not found
    assert refused.overlaid(CLIPS, listing, found) is CLIPS


@pytest.mark.parametrize("entry", ["b.mp4", "cd" * 32])
def test_whatever_names_a_video_takes_all_its_candidates(
    listing: Path, tmp_path: Path, entry: str
) -> None:
    found = outs.look(_book(tmp_path, entry), listing, [CLIPS])
    assert list(found.videos) == ["b.mp4"]

    rows = refused.overlaid(CLIPS, listing, found).to_pylist()

    assert [row["key"] for row in rows] == ["a-0", "a-2", "b", "c"]
    assert [row["error_kind"] for row in rows] == [None, None, "opted_out", "opted_out"]
    assert {row["media"] for row in rows[2:]} == {None}
    assert [row["clip_id"].startswith("uri-") for row in rows] == [False, False, True, True]


@pytest.mark.parametrize("entry", [SUM, "a_0_2000"])
def test_a_clip_that_is_named_goes_alone(listing: Path, tmp_path: Path, entry: str) -> None:
    found = outs.look(_book(tmp_path, entry), listing, [CLIPS])
    assert (list(found.videos), list(found.clips)) == ([], [("a", "a_0_2000")])

    rows = {row["clip_id"]: row for row in refused.overlaid(CLIPS, listing, found).to_pylist()}

    assert len(rows) == 3
    gone = rows["a_0_2000"]
    assert (gone["key"], gone["candidate"], gone["media"]) == ("a-0-out", "a", None)
    assert (gone["flac_sha256"], gone["error_stage"]) == (None, "source")
    assert gone["error_message"] == f"its {_by(entry)} is in the opt-out list list.txt"
    assert rows["a_2000_4000"]["error_kind"] is None


def _by(entry: str) -> str:
    return "checksum" if entry == SUM else "id"


def test_a_table_of_all_columns_makes_way(listing: Path) -> None:
    found = Outs({"b.mp4": "asked"}, {("a", "a_2000_4000"): "asked"})
    uris = pa.array(["a.mp4", "a.mp4", "b.mp4"])
    table = CLIPS.append_column("source_uri", uris).append_column("motion", pa.array([0.1] * 3))
    rows = refused.among(refused.overlaid(CLIPS, listing, found))
    rows = rows.append_column("source_uri", pa.nulls(3, pa.string()))

    after = refused.replaced(table, rows.append_column("motion", pa.nulls(3, pa.float64())), found)

    keys = after["key"].to_pylist()
    assert keys == ["a-0", "a-2-out", "b", "c"]
    assert after["motion"].to_pylist() == [0.1, None, None, None]
    blank = refused.blanked(after, ["start_s"])
    assert blank["start_s"].to_pylist() == [0.0, None, None, None]
    assert blank.schema == after.schema
