"""Calibration from end to end: what is too little is refused or told, and nothing is done twice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from acav1m import plan
from acav1m.calibrate import calibrate
from acav1m.how import How
from acav1m.progress import Progress
from acav1m.testing import from_arrays, grey, sine

RECIPE = """
name: tiny
version: 0.1.0
about: Rendered clips.
license: CC0-1.0
sources: {synthetic: {clips: 12, seed: 3, seconds: 2, defect_share: 0, width: 96, height: 72}}
cut: {seconds: 2, min_s: 1}
measures: {silent_share: {}}
captioners: {embedded: {}}
aligners: {language: {}, instance: {}, temporal: {}}
calibration: {mismatches: 2}
"""


def acav1m(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "acav1m", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def calibrated(*words: object) -> dict:
    done = acav1m("calibrate", *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(*words: object) -> str:
    done = acav1m("calibrate", *words)
    assert done.returncode == 2, (done.returncode, done.stderr)
    return done.stderr.strip().splitlines()[-1]


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def stored(work: Path) -> dict[str, int]:
    files = work.glob("store/*/*.parquet")
    return {path.relative_to(work).as_posix(): path.stat().st_mtime_ns for path in files}


@pytest.fixture(scope="module")
def recipe(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "tiny.yaml"
    path.write_text(RECIPE)
    return path


@pytest.fixture(scope="module")
def done(recipe, tmp_path_factory) -> tuple[Path, dict]:
    out = tmp_path_factory.mktemp("calibrated") / "tiny"
    return out, calibrated(recipe, "--out", out)


@pytest.fixture
def work(done, tmp_path) -> Path:
    """A work folder that a test may go on with, and no other test sees."""
    return shutil.copytree(done[0].with_name("tiny.work"), tmp_path / "tiny.work")


def test_few_clips_get_the_prior_and_are_told_so(done):
    found = done[1]["columns"]

    assert {"language_score", "instance_score", "temporal_score", "temporal_scores"} <= set(found)
    assert all(one["by"] == "prior" for one in found.values())
    assert found["instance_score"]["why"].endswith("clips of 50 needed")
    assert found["temporal_score"]["evidence"]["auc"]["value"] > 0.5


def test_the_report_is_in_the_folder_and_in_the_work_folder(done):
    out, found = done

    assert json.loads((out / "calibration.json").read_text()) == found
    assert content(out) == content(out.with_name("tiny.work") / "calibration")
    assert {"calibration.md", "instance_score.png", "instance_score.svg"} <= set(content(out))


def test_another_precision_scores_nothing_again(work, recipe):
    before = stored(work)

    found = calibrated(recipe, "--work", work, "--precision", 0.6)

    assert found["settings"]["precision"] == 0.6
    assert stored(work) == before


def test_another_clip_scores_only_its_own_pairs(work, recipe):
    before = stored(work)

    calibrated(recipe, "--work", work, "--set", "sources.synthetic.clips=13")

    assert before.items() <= stored(work).items()
    new = {name.split("/")[1].rpartition("-")[0] for name in stored(work).keys() - before.keys()}
    assert {"download", "look", "calibrate.aligners.instance"} <= new


class Counted(Progress):
    """Counts failures by stage."""

    def __init__(self) -> None:
        self.failed: dict[str, int] = {}

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[None]:
        self.name = name
        self.failed.setdefault(name, 0)
        yield

    def row(self, failed: int) -> None:
        self.failed[self.name] += failed


def test_pairs_that_fail_are_counted_and_told_and_tried_again(work, recipe, done):
    for store in work.glob("store/calibrate.*"):
        shutil.rmtree(store)
    sound = min(work.glob("store/download-*/media/**/*.flac"))
    whole = sound.read_bytes()
    sound.write_bytes(bytes(len(whole)))  # one of another size would be cut again
    counted = Counted()

    found = calibrate(plan.read(recipe, []), how=How(work=work), progress=counted).json()

    asked = found["columns"]["instance_score"]
    assert counted.failed["calibrate"] >= 2  # the clip with that sound, and those it is lent to
    assert asked["failed"]["pairs"] >= 2
    assert asked["pairs"]["mismatched"] + asked["failed"]["pairs"] == 24
    told = f"{asked['failed']['pairs']} mismatched pairs could not be scored"
    assert told in (work / "calibration" / "calibration.md").read_text()

    sound.write_bytes(whole)
    again = acav1m("calibrate", recipe, "--work", work)
    assert told in again.stdout
    assert asked["failed"]["first"] in again.stdout
    assert calibrated(recipe, "--work", work, "--retry", "all") == done[1]


@pytest.mark.slow
def test_killed_while_scoring_it_ends_in_the_same_bytes(done, recipe, tmp_path):
    out = tmp_path / "tiny"
    command = [sys.executable, "-m", "acav1m", "calibrate", str(recipe), "--out", str(out)]
    for pause_s in (0.0, 0.3):
        driver = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        until(lambda: list(tmp_path.glob("tiny.work/scratch/*/*.journal")) and scoring(tmp_path))
        time.sleep(pause_s)
        os.kill(driver.pid, signal.SIGKILL)
        driver.wait()

    calibrated(recipe, "--out", out)

    assert content(out) == content(done[0])


def scoring(folder: Path) -> bool:
    """Whether clips are looked at, and what is next is under way."""
    return bool(list(folder.glob("tiny.work/store/look-*/*.parquet")))


def until(is_so) -> None:
    ends = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.02)


def files(folder: Path, *, count: int, level_db: float) -> list[str]:
    """The same clip, over and over, in files that differ."""
    folder.mkdir()
    for at in range(count):
        clip = from_arrays(grey(2), 25, sine(2, level_db=level_db - at))
        clip.mp4.rename(folder / f"{at}.mp4")
    return ["--set", f"sources={{files: {{path: {folder}}}}}"]


def test_one_clip_again_and_again_is_one(recipe, tmp_path):
    words = files(tmp_path / "videos", count=4, level_db=-10)

    found = calibrated(recipe, "--out", tmp_path / "out", *words)

    assert (found["clips"], found["left_out"]["copies"]) == (1, 3)
    assert found["columns"]["instance_score"]["why"].startswith("prior: 1 clip of 50 needed")


def test_silent_clips_are_refused_in_one_line(recipe, tmp_path):
    words = files(tmp_path / "videos", count=2, level_db=-200)

    line = refused(recipe, "--out", tmp_path / "out", *words)

    assert line == "acav1m: no clip can be used to calibrate: 2 silent"
    assert not (tmp_path / "out").exists()


def test_a_recipe_without_aligners_is_refused(recipe, tmp_path):
    line = refused(recipe, "--out", tmp_path / "out", "--set", "aligners={}")

    assert line == "acav1m: aligners: none is named, so there is no score to calibrate"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_other_things_is_left_alone(recipe, tmp_path):
    (tmp_path / "thesis.md").write_text("irreplaceable")

    assert "holds thesis.md, which is no calibration" in refused(recipe, "--out", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.md"]


def test_what_is_left_of_one_killed_while_it_drew_is_gone_on_with(recipe, tmp_path):
    out, prior = tmp_path / "out", ["--set", "calibration.use=prior"]
    calibrated(recipe, "--out", out, *prior)
    whole = content(out)
    (out / "calibration.json").unlink()
    (out / "instance_score.png").write_bytes(b"half")

    (out / "notes.md").write_text("irreplaceable")
    assert "holds notes.md" in refused(recipe, "--out", out, *prior)
    (out / "notes.md").unlink()
    calibrated(recipe, "--out", out, *prior)
    assert content(out) == whole


def test_a_whole_calibration_with_something_else_beside_it_is_left_alone(recipe, tmp_path):
    out, prior = tmp_path / "out", ["--set", "calibration.use=prior"]
    calibrated(recipe, "--out", out, *prior)
    (out / "thesis.md").write_text("irreplaceable")

    assert "holds thesis.md" in refused(recipe, "--out", out, "--precision", "0.6", *prior)
    assert (out / "thesis.md").read_text() == "irreplaceable"


def test_the_recipe_may_ask_for_the_prior_and_nothing_is_scored(recipe, tmp_path):
    found = calibrated(recipe, "--out", tmp_path / "out", "--set", "calibration.use=prior")

    assert found["columns"]["instance_score"]["why"] == "prior: the recipe asks for it"
    assert not list(tmp_path.glob("out.work/store/calibrate*"))
