"""The benchmark of downloads downloads, and compares with a program that is really there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from acav1m.bench import downloads, fetching
from acav1m.bench.downloads import Case
from acav1m.cli import app
from acav1m.errors import AcavError

FEW = Case(bytes=5000, delay_s=0.001, files=5)


@pytest.fixture(scope="module")
def workers() -> Iterator[fetching.Workers]:
    with fetching.Workers(2, connections=4) as both:
        yield both


@pytest.mark.slow
def test_all_ways_fetch_all_files_and_are_compared(tmp_path):
    found = downloads.figures([FEW], rounds=2, connections=4, workers=[1], folder=tmp_path)
    (case,) = found["cases"]
    ours = case["ways"]["acav1m, 1 process"]
    assert [len(way["wall_s"]) for way in case["ways"].values()] == [2] * len(case["ways"])
    assert all(took_s > 0 for took_s in ours["wall_s"] + ours["cpu_s"])
    assert found["peak_bytes"] > 10**7
    said = downloads.text(found)
    assert f"into {tmp_path} ({found['filesystem']})" in said
    assert not list(tmp_path.iterdir())
    if found["other"] is None:
        assert ours["ratio"] is None
    else:
        assert case["ways"][found["other"]]["ratio"] is None
        assert f"{ours['ratio']:.2f} times {found['other']}'s time" in said


@pytest.mark.slow
def test_the_command_gives_json_and_says_when_nobody_is_there_to_compare_with(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(downloads, "CASES", (FEW,))
    done = CliRunner().invoke(
        app, ["bench", "downloads", "--rounds", "1", "--count", "3", "--json"]
    )
    found = json.loads(done.stdout)
    assert (found["other"], found["cases"][0]["files"]) == (None, 3)
    assert found["folder"] == str(tmp_path)
    assert {way["ratio"] for way in found["cases"][0]["ways"].values()} == {None}
    assert "neither curl nor aria2c is here" in downloads.text(found)


@pytest.mark.slow
def test_processes_share_the_files(workers, tmp_path):
    with downloads._server(FEW) as url:
        took = workers.fetch(url, FEW.files, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set("01234")
    assert took.wall_s > 0
    assert took.cpu_s > 0


@pytest.mark.slow
def test_a_failure_in_a_process_is_told(workers, tmp_path):
    with downloads._server(FEW) as url, pytest.raises(FileNotFoundError):
        workers.fetch(url, FEW.files, tmp_path / "nowhere")


def test_a_file_that_is_wrong_is_noticed(tmp_path):
    def nonsense(url: str, files: int, folder: Path) -> fetching.Took:
        for index in range(files):
            (folder / str(index)).write_bytes(b"nonsense")
        return fetching.Took(1.0, 1.0)

    with pytest.raises(AcavError, match="file 0 is not what the server sent"):
        downloads._checked(nonsense, "", FEW, "0" * 64, tmp_path)


def test_a_program_that_fails_is_an_error_of_one_line(tmp_path):
    name = next((one for one in fetching.OTHERS if shutil.which(one)), None)
    if name is None:
        pytest.skip("neither curl nor aria2c is here")
    with pytest.raises(AcavError, match=f"^{name} failed: .+"):
        fetching.other(name, "http://127.0.0.1:1", 2, tmp_path, 2)


def test_files_of_each_size_can_be_counted_but_for_the_large_one():
    assert [case.files for case in downloads.cases(7)] == [7, 7, 7, 7, 7, 7, 1]


def test_a_folder_that_is_none_is_refused_before_the_work(tmp_path):
    done = CliRunner().invoke(app, ["bench", "downloads", "--folder", str(tmp_path / "nowhere")])
    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert line.endswith("is no folder")


def test_memory_is_told_from_a_disk():
    shm = Path("/dev/shm")
    if not shm.is_dir():
        pytest.skip("there are no files in memory here")
    assert downloads._filesystem(shm) == "tmpfs"
    assert downloads._filesystem(Path("/nowhere")) == downloads._filesystem(Path("/"))
