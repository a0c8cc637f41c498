"""Realigning inside a build: late clips are mended once, and the same bytes come of it always."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

RECIPE = """
name: late
version: 0.1.0
about: Rendered clips, some of them with late or early sound.
license: CC0-1.0
date: 2026-11-21
sources:
  synthetic:
    {clips: 8, seed: 3, seconds: 5, defect_share: 0.5, defects: [shifted], events: [ball, hammer]}
cut: {seconds: 5, min_s: 1}
aligners: {temporal: {}}
calibration: {use: prior}
filters:
  out_of_sync: {on_fail: realign}
release: {clips_per_shard: 4}
"""


def acav1m(*words: object) -> str:
    command = [sys.executable, "-m", "acav1m", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def build(recipe: Path, out: Path, *words: object) -> dict:
    return json.loads(acav1m("build", recipe, "--out", out, "--json", *words))


def rows(out: Path, where: str = "true") -> list[dict]:
    found = acav1m("query", out, f"select * from clips where {where} order by clip_id", "--json")
    return [json.loads(line) for line in found.splitlines()]


def content(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def recipe(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "late.yaml"
    path.write_text(RECIPE)
    return path


@pytest.fixture(scope="module")
def built(recipe, tmp_path_factory) -> tuple[Path, dict]:
    out = tmp_path_factory.mktemp("built") / "late"
    return out, build(recipe, out)


@pytest.fixture
def copied(built, tmp_path) -> Path:
    out = tmp_path / "late"
    shutil.copytree(built[0], out)
    shutil.copytree(built[0].with_name("late.work"), tmp_path / "late.work")
    return out


def test_late_clips_are_mended_and_say_by_how_much(built):
    out, report = built
    moved = rows(out, "realign_outcome = 'realigned'")

    assert report["realign_outcomes"]["realigned"] == len(moved) >= 2
    assert {row["planted_defect"] for row in moved} == {"shifted"}
    for row in moved:
        assert row["state"] == "kept"
        assert abs(row["planted_offset_s"] + row["audio_shift_s"]) <= 0.08
        assert abs(row["sync_offset_s"]) <= 0.08
        assert row["duration_s"] == pytest.approx(5 - abs(row["audio_shift_s"]), abs=0.041)
        assert row["duration_s"] == pytest.approx(row["end_s"] - row["start_s"], abs=1e-6)
        assert row["clip_id"].endswith("_0_5000")


def test_other_clips_are_left_alone(built):
    for row in rows(built[0], "realign_outcome is distinct from 'realigned'"):
        assert row["audio_shift_s"] == 0.0
        assert row["duration_s"] == 5.0
        assert (row["realign_outcome"] is None) == (row["realign_reason"] is None)


def test_the_release_holds_the_moved_clips(built):
    assert json.loads(acav1m("verify", built[0], "--json"))["problems"] == []
    card = (built[0] / "README.md").read_text()
    assert f"\n| realigned | {built[1]['realign_outcomes']['realigned']} |" in card


def test_why_tells_the_story(built):
    first = rows(built[0], "realign_outcome = 'realigned'")[0]
    story = acav1m("why", built[0], first["clip_id"])

    assert f"realigned: sync_offset_s was {first['realign_offset_s']:g} " in story
    assert f"moved by {first['audio_shift_s']:g} s" in story


def test_another_run_does_nothing_again(copied, recipe):
    before = content(copied)

    assert build(recipe, copied)["decoded"] == 0
    assert content(copied) == before


def test_thresholds_move_clips_to_and_fro_without_decoding(copied, recipe):
    before = content(copied)

    loose = build(recipe, copied, "--set", "filters.out_of_sync.max_offset_s=3")
    assert (loose["decoded"], loose["realign_outcomes"]) == (0, {})
    strict = build(recipe, copied, "--set", "filters.out_of_sync.on_fail=reject")
    assert (strict["decoded"], strict["realign_outcomes"]) == (0, {})
    assert strict["rejected_by"]["out_of_sync"] >= 2
    assert build(recipe, copied)["decoded"] == 0
    assert content(copied) == before


def test_a_moved_clip_lost_from_the_work_folder_is_cut_again(copied, recipe):
    before = content(copied)
    work = copied.with_name("late.work") / "store"
    next(work.glob("realign-*/media/*/*/*.mp4")).unlink()

    assert build(recipe, copied)["decoded"] == 1
    assert content(copied) == before


def test_a_clip_that_would_be_too_short_stays_rejected(copied, recipe):
    report = build(recipe, copied, "--set", "cut.min_s=4.9")

    tried = report["realign_outcomes"]
    assert set(tried) == {"too_short"}
    row = rows(copied, "realign_outcome = 'too_short'")[0]
    assert (row["state"], row["rejected_by"]) == ("rejected", ["out_of_sync"])
    assert row["realign_reason"].endswith(" s would be left")


@pytest.mark.slow
def test_killed_while_it_realigns_it_ends_in_the_same_bytes(recipe, built, tmp_path):
    out, log = tmp_path / "late", tmp_path / "late.work" / "build.jsonl"
    moments = random.Random(20261121)
    command = [sys.executable, "-m", "acav1m", "build", str(recipe), "--out", str(out)]
    killed = 0
    for _ in range(6):
        seen = log.read_text().count('"analyse"') if log.exists() else 0
        driver = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        while not log.exists() or log.read_text().count('"analyse"') == seen:
            assert driver.poll() is None
            time.sleep(0.02)
        time.sleep(moments.uniform(0, 0.25 * built[1]["stage_seconds"]["realign"]))
        workers = psutil.Process(driver.pid).children() if driver.poll() is None else []
        driver.kill()  # nothing happens to one that has ended
        killed += driver.wait() == -signal.SIGKILL
        _, alive = psutil.wait_procs(workers, timeout=10)
        assert not alive
    assert killed >= 4

    build(recipe, out)

    assert content(out) == content(built[0])
