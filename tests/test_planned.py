"""What is still to do is counted without doing any of it, in memory that a list cannot exceed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from acav1m import downloads
from acav1m.errors import AcavError
from acav1m.found import Found
from acav1m.how import How
from acav1m.listing import write
from acav1m.plan import Plan, resolve
from acav1m.planned import Planned, planned
from acav1m.stages import download, error_columns, lost
from acav1m.steps import Candidate
from acav1m.work import Work

LIST = "url,start_s,end_s\n" + "".join(
    f"https://media.example.org/{name}.mp4,{start},{start + 10}\n"
    for name, start in (("a", 0), ("a", 10), ("b", 0), ("a", 0), ("c", 0), ("b", 0))
)
RECIPE = {"name": "x", "version": "0.1.0", "about": "x", "license": "CC0-1.0"}


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Six candidates of three videos, two of them listed again."""
    (tmp_path / "list.csv").write_text(LIST)
    return resolve({**RECIPE, "sources": {"urls": {"path": str(tmp_path / "list.csv")}}})


@pytest.fixture
def work(plan: Plan, tmp_path: Path) -> Path:
    """A work folder in which two candidates of `a` have failed, one of them for a while only."""
    with Work(tmp_path / "out.work") as work:
        write(plan, work.listing, None, work.scratch)
        found = Found(plan, work)
        for kind, row in zip(("removed", "timeout"), downloads.todo(found)[1], strict=False):
            error = error_columns("download", lost(kind, "so it says"))
            begun = download.begun(row["key"], Candidate(**row["candidate"])) | error
            found.clips.commit(kind, pa.Table.from_pylist([begun], schema=download.SCHEMA))
    return tmp_path / "out.work"


def _counts(found: Planned) -> dict[str, int]:
    names = ("candidates", "repeats", "opted_out", "done", "to_download")
    return {name: found.json()[name] for name in names}


def test_all_is_to_do_where_nothing_was_done(plan: Plan, tmp_path: Path) -> None:
    found = planned(plan, tmp_path / "out")
    assert _counts(found) == {
        **{"candidates": 6, "repeats": 2, "opted_out": 0},
        **{"done": 0, "to_download": 4},
    }
    assert (found.listed.videos, found.left.videos) == (3, 3)
    assert "out.work, which is not there yet" in found.text()
    assert not (tmp_path / "out.work").exists()


def test_what_a_work_folder_knows_is_done(plan: Plan, work: Path, tmp_path: Path) -> None:
    found = planned(plan, tmp_path / "out")
    assert (found.done, found.left.rows) == (2, 2)
    assert planned(plan, how=How(work=work)).done == 2


def test_failures_to_be_tried_again_are_to_do(plan: Plan, work: Path) -> None:
    assert planned(plan, how=How(work=work, retry="transient")).done == 1
    assert planned(plan, how=How(work=work, retry="all")).done == 0


def test_what_no_failure_is_called_is_told_before_the_list_is_read(plan: Plan, work: Path) -> None:
    with pytest.raises(AcavError, match=r"--retry remooved: .* did you mean 'removed'"):
        planned(plan, how=How(work=work, retry="remooved"))
    with pytest.raises(AcavError, match="--retry remooved"):
        planned(plan, how=How(retry="remooved"))


def test_the_work_folder_stays_as_it_is_and_may_be_in_use(plan: Plan, work: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in work.rglob("*")}
    with Work(work):
        planned(plan, how=How(work=work))
        after = {path: path.stat().st_mtime_ns for path in work.rglob("*")}
    assert before == after


def test_who_opted_out_is_counted_apart(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "out.txt").write_text("https://media.example.org/a.mp4\n")
    consent = {"opt_out": [str(tmp_path / "out.txt")]}
    asked = resolve({**plan.recipe.model_dump(mode="json"), "consent": consent})
    assert _counts(planned(asked)) == {
        **{"candidates": 6, "repeats": 2, "opted_out": 2},
        **{"done": 0, "to_download": 2},
    }


def test_a_limit_holds_for_the_list(plan: Plan) -> None:
    assert planned(plan, limit=4).listed.repeats == 1


def test_the_command_says_the_same(plan: Plan, work: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps({**RECIPE, "sources": plan.recipe.model_dump()["sources"]}))
    command = [sys.executable, "-m", "acav1m", "plan", str(recipe), "--out", str(tmp_path / "out")]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    said: dict[str, Any] = json.loads(done.stdout)
    expected = planned(plan, tmp_path / "out").json()
    timed = ("seconds", "rows_per_s")
    assert {k: v for k, v in said.items() if k not in timed} == {
        k: v for k, v in expected.items() if k not in timed
    }
