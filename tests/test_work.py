"""Parts: what a killed build left is picked up, what no longer fits is put together anew."""

from __future__ import annotations

import json

import pytest

from acav1m.engines.journal import Journal
from acav1m.errors import AcavError
from acav1m.work import Work

JOB = {"is": "a:B", "options": {}}


@pytest.fixture
def work(tmp_path):
    with Work(tmp_path / "work") as work:
        (work.folder / "store").mkdir()
        yield work


def rows(*keys: str) -> list[dict]:
    return [{"key": key, "x": 1} for key in keys]


def inside(parts) -> list[list[str]]:
    return [[r["key"] for r in json.loads(p.path.read_text())["rows"]] for p in parts]


def test_rows_fill_parts_in_order(work):
    assert inside(work.parts(JOB, rows("a", "b", "c", "d", "e"), 2)) == [
        ["a", "b"],
        ["c", "d"],
        ["e"],
    ]


def test_parts_in_flight_are_picked_up_as_they_were(work):
    first = list(work.parts(JOB, rows("a", "b", "c", "d"), 2))
    work.finished(first[0])

    again = list(work.parts(JOB, rows("c", "d", "x", "y", "z"), 3))

    assert inside(again) == [["x", "y", "z"], ["c", "d"]]
    assert again[1].path == first[1].path


def test_a_part_that_lost_a_row_is_put_together_anew(work):
    list(work.parts(JOB, rows("a", "b", "c", "d"), 2))

    again = inside(work.parts(JOB, rows("b", "c", "d"), 2))

    assert again == [["c", "d"], ["b"]]


def test_a_part_whose_row_changed_is_put_together_anew(work):
    list(work.parts(JOB, rows("a", "b"), 2))
    changed = [{"key": "a", "x": 1}, {"key": "b", "x": 2}]

    [part] = list(work.parts(JOB, changed, 2))

    assert json.loads(part.path.read_text())["rows"] == changed


def test_every_row_is_in_exactly_one_part_whatever_was_left(work):
    list(work.parts(JOB, rows(*"abcdefgh"), 3))
    wanted = "bcdefghijk"

    again = inside(work.parts(JOB, rows(*wanted), 4))

    assert sorted(key for part in again for key in part) == sorted(wanted)


def test_another_job_has_its_own_parts(work):
    list(work.parts(JOB, rows("a"), 2))

    assert inside(work.parts({"is": "c:D", "options": {}}, rows("b"), 2)) == [["b"]]


def test_a_folder_in_which_nothing_was_found_goes(tmp_path):
    with Work(tmp_path / "work"):
        pass

    assert not (tmp_path / "work").exists()


def test_a_folder_with_a_ledger_stays_though_nothing_had_to_be_found(tmp_path):
    for _ in range(2):
        with Work(tmp_path / "work") as work:
            work.ledger.touch()

    assert (tmp_path / "work" / "ledger.parquet").exists()


def test_a_folder_of_others_is_refused_and_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("irreplaceable")

    with pytest.raises(AcavError, match="no work folder of ours"), Work(tmp_path / "mine"):
        pass

    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_neighbours_that_belong_together_stay_in_one_part(work):
    given = [{"key": key, "video": key[0]} for key in ("a1", "a2", "b1", "b2", "b3", "c1")]
    parts = work.parts(JOB, given, 1, together=lambda row: row["video"])
    assert inside(parts) == [["a1", "a2"], ["b1", "b2", "b3"], ["c1"]]


def test_results_that_are_not_final_are_struck_out_of_parts_in_flight(work):
    [part] = work.parts(JOB, rows("a", "b"), 2)
    journal = Journal(part.path.with_suffix(".journal"))
    journal.done(0, [{"key": "a", "error_kind": "blocked"}])
    journal.done(1, [{"key": "b", "error_kind": None}])

    list(work.parts(JOB, rows("a", "b"), 2, again=lambda row: row["error_kind"] == "blocked"))

    assert list(journal.read().done) == [1]
