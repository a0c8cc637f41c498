"""Editing inside a build: what ships is what was asked, and the same bytes come of it always."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import duckdb
import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from acav1m import plan
from acav1m.agent.transform import Transform
from acav1m.aligners.temporal import Temporal
from acav1m.build import build as run
from acav1m.clip import Clip
from acav1m.media import decode
from acav1m.media.revoice import replayed

RECIPE = """
name: mended
version: 0.1.0
about: Rendered clips, some of them with late or early sound.
license: CC0-1.0
date: 2026-11-21
sources:
  synthetic:
    {clips: 5, seed: 3, seconds: 5, defect_share: 0.5, defects: [shifted], events: [ball, hammer]}
cut: {seconds: 5, min_s: 1}
aligners: {instance: {}, temporal: {}}
calibration: {use: prior}
editors:
  avagent: {only_if: planted_defect is not null, target_lufs: -20}
filters:
  out_of_sync: {on_fail: realign}
release: {clips_per_shard: 4}
"""

FRAGILE = '''
import os

from acav1m.errors import ClipError
from acav1m.steps import Editor


class Fragile(Editor):
    """Falls over every clip, each time in another way."""

    def edit(self, clip, look, alive):
        if "-0000-" in clip.clip_id:
            os._exit(3)
        if "-0001-" in clip.clip_id:
            raise KeyError("what nobody thought of")
        raise ClipError("busy", "is not there today", transient=True)
'''


def acav1m(*words: object, site: Path | None = None) -> str:
    command = [sys.executable, "-m", "acav1m", *map(str, words)]
    env = {**os.environ, **({"PYTHONPATH": str(site)} if site else {})}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


def build(recipe: Path, out: Path, *overrides: str) -> dict:
    return run(plan.read(recipe, overrides), out).json()


def rows(out: Path, where: str = "true") -> list[dict]:
    """The released clips."""
    clips = pa.concat_tables(map(pq.read_table, sorted((out / "metadata").glob("*.parquet"))))
    found = duckdb.sql(f"SELECT * FROM clips WHERE {where} ORDER BY clip_id").to_arrow_table()
    assert clips.num_rows
    return found.to_pylist()


def content(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def unpacked(out: Path, folder: Path) -> Path:
    for shard in sorted(out.glob("data/*.tar")):
        with tarfile.open(shard) as tar:
            tar.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def recipe(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "mended.yaml"
    path.write_text(RECIPE)
    return path


@pytest.fixture(scope="module")
def built(recipe, tmp_path_factory) -> tuple[Path, dict]:
    out = tmp_path_factory.mktemp("built") / "mended"
    return out, build(recipe, out)


@pytest.fixture(scope="module")
def files(built, tmp_path_factory) -> Path:
    return unpacked(built[0], tmp_path_factory.mktemp("files"))


@pytest.fixture
def copied(built, tmp_path) -> Path:
    out = tmp_path / "mended"
    shutil.copytree(built[0], out)
    shutil.copytree(built[0].with_name("mended.work"), tmp_path / "mended.work")
    return out


def test_only_clips_that_are_asked_for_are_edited(built):
    out, report = built
    given = rows(out, "planted_defect is not null")

    assert report["edit_results"]["edited"] >= 2
    assert sum(report["edit_results"].values()) == len(given) == 3
    for row in rows(out, "planted_defect is null"):
        assert {row[c] for c in ("edit_result", "edit_reason", "edit_attempts")} == {None}


def test_what_ships_is_the_transform_of_the_original(built, files):
    for row in rows(built[0], "edit_result = 'edited'"):
        original = decode.flac(files / f"{row['clip_id']}.orig.flac")
        shipped = decode.flac(files / f"{row['clip_id']}.flac")
        transform = Transform.model_validate_json(row["edit_transform"])
        assert np.array_equal(shipped * 32768, replayed(transform, original))
        assert not np.array_equal(shipped, original)
        about = (files / f"{row['clip_id']}.orig.flac").read_bytes()
        assert row["orig_flac_sha256"] == hashlib.sha256(about).hexdigest()
        assert row["orig_flac_bytes"] == len(about)


def test_the_columns_are_those_of_the_sound_that_ships(built, files):
    step = Temporal()
    step.setup()
    for row in rows(built[0], "edit_result = 'edited'"):
        found = step.measure(Clip(files / row["clip_id"], views=step.views))
        assert row["temporal_score_raw"] == pytest.approx(found["temporal_score_raw"])
        assert row["sync_offset_s"] == found["sync_offset_s"]


def test_a_moved_clip_may_be_edited_as_well(built, files):
    both = rows(built[0], "realign_outcome = 'realigned' and edit_result = 'edited'")
    assert both, "the recipe is to have such a clip"
    for row in both:
        original = decode.flac(files / f"{row['clip_id']}.orig.flac")
        assert len(original) == pytest.approx(row["duration_s"] * 16_000, abs=640)
        assert row["duration_s"] < 5 - abs(row["audio_shift_s"]) + 0.05


def test_the_release_verifies(built):
    assert json.loads(acav1m("verify", built[0], "--json"))["problems"] == []


@pytest.mark.slow
def test_no_edit_is_done_twice(copied, recipe):
    before = content(copied)

    nobody = build(recipe, copied, "editors.avagent.only_if=false")
    assert (nobody["decoded"], nobody["edit_results"]) == (0, {})
    assert build(recipe, copied)["decoded"] == 0
    assert content(copied) == before
    next(copied.with_name("mended.work").glob("store/edit-*/media/*/*/*.flac")).unlink()
    assert build(recipe, copied)["decoded"] == 1
    assert content(copied) == before


def test_originals_stay_at_home_if_they_should(copied, recipe, tmp_path):
    build(recipe, copied, "release.originals=false")

    files = unpacked(copied, tmp_path / "files")
    assert list(files.glob("*.flac"))
    assert not list(files.glob("*.orig.flac"))
    assert json.loads(acav1m("verify", copied, "--json"))["problems"] == []


@pytest.fixture
def site(tmp_path) -> Path:
    """A package with an editor that does all wrong, as pip would leave it."""
    info = tmp_path / "site" / "fragile-1.0.dist-info"
    info.mkdir(parents=True)
    (info.parent / "fragile.py").write_text(FRAGILE)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fragile\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[acav1m.steps]\neditors.fragile = fragile:Fragile\n")
    return info.parent


@pytest.mark.slow
def test_no_clip_is_lost_to_an_editor(recipe, site, tmp_path):
    fragile = tmp_path / "fragile.yaml"
    text = recipe.read_text().replace("clips: 5", "clips: 3")
    fragile.write_text(text.replace("  avagent: {", "  fragile: {}\n#"))
    out = tmp_path / "out"
    words = ("build", fragile, "--out", out, "--json")
    report = json.loads(acav1m(*words, site=site))

    assert (report["seen"], report["failed"], report["failed_by"]) == (3, 0, {})
    assert report["edit_results"] == {"failed": 3}
    reasons = [row["edit_reason"] for row in rows(out)]
    assert sorted(reason.split(" (")[0] for reason in reasons) == [
        "bug: KeyError: 'what nobody thought of'",
        "busy: is not there today",
        "crash: the worker ended with exit code 3",
    ]
    assert [bug.split(" (")[0] for bug in report["bugs"]] == ["KeyError: 'what nobody thought of'"]
    mended = site / "fragile.py"
    mended.write_text(mended.read_text().replace("is not there today", "is not there tomorrow"))
    again = json.loads(acav1m(*words, "--retry", "transient", site=site))
    assert again["edit_results"] == {"failed": 3}
    told = {row["edit_reason"] for row in rows(out)}
    assert "busy: is not there tomorrow" in told
    assert len(told & set(reasons)) == 2


def test_one_editor_is_enough(recipe, site, tmp_path):
    both = tmp_path / "both.yaml"
    both.write_text(recipe.read_text().replace("  avagent: {", "  fragile:\n  avagent: {"))
    command = [sys.executable, "-m", "acav1m", "check", str(both)]
    env = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)

    assert done.returncode == 2
    assert "editors: fragile and avagent are too many; name one" in done.stderr


@pytest.fixture
def unedited(built, tmp_path) -> Path:
    """The work folder of a build that was about to edit; where its release is to be."""
    work = tmp_path / "mended.work"
    shutil.copytree(built[0].with_name("mended.work"), work)
    for folder in work.glob("store/edit-*"):
        shutil.rmtree(folder)
    return tmp_path / "mended"


@pytest.mark.slow
def test_killed_while_it_edits_it_ends_in_the_same_bytes(recipe, built, unedited):
    work, moments = unedited.with_name("mended.work"), random.Random(20261121)
    command = [sys.executable, "-m", "acav1m", "build", recipe, "--out", unedited, "--workers", "1"]
    killed = 0
    for _ in range(2):
        before = edited(work)
        driver = subprocess.Popen(list(map(str, command)), stderr=subprocess.DEVNULL)
        while driver.poll() is None and edited(work) <= before:
            time.sleep(0.01)
        time.sleep(moments.uniform(0, 0.1))
        workers = psutil.Process(driver.pid).children() if driver.poll() is None else []
        driver.kill()  # nothing happens to one that has ended
        killed += driver.wait() == -signal.SIGKILL
        _, alive = psutil.wait_procs(workers, timeout=10)
        assert not alive
    assert killed
    assert not unedited.exists()

    build(recipe, unedited)

    assert content(unedited) == content(built[0])


def edited(work: Path) -> set[Path]:
    """The edited clips that lie in a work folder, whole or not."""
    return set(work.glob("store/edit-*/media/*/*/*.flac"))
