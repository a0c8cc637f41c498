"""A build from end to end: the same bytes always, nothing lost, nothing done twice."""

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
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from acav1m.stages import download
from acav1m.store import Store

RECIPE = """
name: tiny
version: 0.1.0
about: A dozen rendered clips.
license: CC0-1.0
date: 2026-11-21
sources: {synthetic: {clips: 10, seed: 3, seconds: 2, defect_share: 0.5}}
cut: {seconds: 2, min_s: 1}
measures: {probe: {}, loudness: {}, silent_share: {}, motion: {}, still: {}}
captioners: {embedded: {}}
aligners: {language: {}, instance: {}, temporal: {}}
filters:
  corrupt: {}
  silence: {max_share: 0.5}
  instance_misaligned: {min_score: 0.5}
release: {clips_per_shard: 4}
"""


def acav1m(*words: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "acav1m", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stderr
    return done


def build(recipe: Path, out: Path, *words: object) -> dict:
    return json.loads(acav1m("build", recipe, "--out", out, "--json", *words).stdout)


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def recipe(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "tiny.yaml"
    path.write_text(RECIPE)
    return path


@pytest.fixture(scope="module")
def built(recipe, tmp_path_factory) -> tuple[Path, dict]:
    out = tmp_path_factory.mktemp("built") / "tiny"
    return out, build(recipe, out)


def test_the_report_adds_up_and_names_its_release(built):
    out, report = built

    assert report["seen"] == 10
    assert report["kept"] + report["flagged"] + report["rejected"] + report["failed"] == 10
    assert report["decoded"] == 10
    assert report["release"] == str(out)
    assert report["seconds"] > 0


def test_the_release_verifies(built):
    done = acav1m("verify", built[0], "--json")

    assert json.loads(done.stdout)["problems"] == []


def test_an_interrupted_looking_rerun_does_nothing_again_and_changes_nothing(built, recipe):
    out, first = built
    before = content(out)

    again = build(recipe, out)

    assert again["decoded"] == 0
    assert content(out) == before
    assert {k: again[k] for k in ("seen", "kept", "rejected")} == {
        k: first[k] for k in ("seen", "kept", "rejected")
    }


def test_another_place_and_other_workers_give_the_same_bytes(built, recipe, tmp_path):
    build(recipe, tmp_path / "elsewhere" / "tiny", "--workers", 1)

    assert content(tmp_path / "elsewhere" / "tiny") == content(built[0])


@pytest.fixture
def copied(built, tmp_path) -> Path:
    """The finished build's work folder and release, to change without hurting other tests."""
    out = tmp_path / "tiny"
    shutil.copytree(built[0], out)
    shutil.copytree(built[0].with_name("tiny.work"), tmp_path / "tiny.work")
    return out


def test_a_new_threshold_decodes_nothing(copied, recipe):
    report = build(recipe, copied, "--set", "filters.instance_misaligned.min_score=0.999999")

    assert report["decoded"] == 0
    assert report["kept"] == 0
    locked = yaml.safe_load((copied / "recipe.lock.yaml").read_text())
    assert locked["overrides"] == ["filters.instance_misaligned.min_score=0.999999"]
    assert acav1m("verify", copied).returncode == 0


def test_a_new_option_redoes_that_measure_and_what_reads_it_only(copied, recipe):
    work = copied.with_name("tiny.work") / "store"
    before = {path.name for path in work.iterdir()}

    report = build(recipe, copied, "--set", "measures.silent_share.floor_db=-50")

    assert report["decoded"] == 10
    new = {path.name for path in work.iterdir()} - before
    assert {name.rpartition("-")[0] for name in new} == {"measures.silent_share"}


def test_more_candidates_keep_the_work_done(copied, recipe):
    report = build(recipe, copied, "--set", "sources.synthetic.clips=12")

    assert (report["seen"], report["decoded"]) == (12, 2)


def test_metadata_that_a_step_reads_redoes_that_step_and_no_cut(tmp_path, built):
    """A list's caption may be corrected; what was scored against the old one is stale."""
    import tarfile

    with tarfile.open(next(built[0].glob("data/*.tar"))) as shard:
        member = next(name for name in shard.getnames() if name.endswith(".mp4"))
        shard.extract(member, tmp_path, filter="data")
    listed, recipe = tmp_path / "list.csv", tmp_path / "said.yaml"
    recipe.write_text(
        "name: said\nversion: 1.0.0\nabout: x\nlicense: CC0-1.0\ncut: {min_s: 1}\n"
        f"sources: {{files: {{path: {listed}}}}}\nmeasures: {{probe: {{}}}}\n"
        "captioners: {embedded: {}}\naligners: {language: {against: source_caption}}\n"
    )
    listed.write_text(f"path,source_caption,note\n{member},a bell rings,x\n")
    build(recipe, tmp_path / "out")
    store = tmp_path / "out.work" / "store"
    before = {path: path.stat().st_mtime_ns for path in store.rglob("*.parquet")}

    listed.write_text(f"path,source_caption,note\n{member},a dog barks,y\n")
    report = build(recipe, tmp_path / "out")

    new = {p.parent.name.rpartition("-")[0] for p in store.rglob("*.parquet") if p not in before}
    assert new == {"aligners.language"}
    assert report["decoded"] == 1
    row = acav1m("query", tmp_path / "out", "select note from clips", "--json").stdout
    assert json.loads(row) == {"note": "y"}


def test_a_clip_lost_from_the_work_folder_is_cut_again(copied, recipe):
    before = content(copied)
    lost = next(copied.with_name("tiny.work").rglob("*.flac"))
    lost.unlink()
    clipped = next(p for p in copied.with_name("tiny.work").rglob("*.mp4") if p.stem != lost.stem)
    clipped.write_bytes(clipped.read_bytes()[:-1])

    report = build(recipe, copied)

    assert report["decoded"] == 2
    assert content(copied) == before


def test_a_damaged_store_is_one_line_that_names_the_file(copied, recipe):
    part = next((copied.with_name("tiny.work") / "store").glob("measures.motion-*/*.parquet"))
    part.write_bytes(b"PAR1 nonsense")

    assert f"{part} is damaged; delete it" in refused("build", recipe, "--out", copied)
    part.unlink()
    assert build(recipe, copied)["decoded"] > 0


def test_failures_are_tried_again_when_asked(copied, recipe):
    """As if one candidate had hung in an earlier run."""
    before = content(copied)
    [store] = (copied.with_name("tiny.work") / "store").glob("download-*")
    row = pq.read_table(next(store.glob("*.parquet"))).slice(0, 1).to_pylist()[0]
    hung = {"error_stage": "download", "error_kind": "timeout", "error_transient": True}
    failed = {"key": row["candidate"], "candidate": row["candidate"], "clip_id": "uri-x", **hung}
    Store(store, download.SCHEMA).commit(
        "hung", pa.Table.from_pylist([failed], schema=download.SCHEMA)
    )

    assert build(recipe, copied)["failed_by"] == {"timeout": 1}
    assert build(recipe, copied, "--retry", "crash")["failed_by"] == {"timeout": 1}
    assert build(recipe, copied, "--retry", "transient")["failed_by"] == {}
    assert content(copied) == before


def test_a_source_that_holds_the_release_is_refused(recipe, tmp_path):
    (tmp_path / "a.mp4").write_text("")
    words = ["--set", f"sources={{files: {{path: {tmp_path}}}}}"]

    line = refused("build", recipe, "--out", tmp_path / "out", *words)

    assert "which this build writes" in line
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]


def test_limit_takes_the_first(recipe, copied):
    report = build(recipe, copied, "--limit", 3)

    assert (report["seen"], report["decoded"]) == (3, 0)


@pytest.mark.slow
def test_killed_ten_times_it_ends_in_the_same_bytes(recipe, built, tmp_path):
    out = tmp_path / "tiny"
    moments = random.Random(20261121)
    took = built[1]["seconds"]
    command = [sys.executable, "-m", "acav1m", "build", str(recipe), "--out", str(out)]
    killed = 0
    for _ in range(10):
        driver = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0.05, 0.6) * took)
        workers = psutil.Process(driver.pid).children() if driver.poll() is None else []
        driver.kill()  # nothing happens to one that has ended
        was_killed = driver.wait() == -signal.SIGKILL
        killed += was_killed
        took *= 1 if was_killed else 0.5  # what earlier runs stored makes later ones faster
        _, alive = psutil.wait_procs(workers, timeout=10)
        assert not alive
    assert killed >= 6

    build(recipe, out)

    assert content(out) == content(built[0])
    rows = acav1m("query", out, "select count(*) as n from clips", "--json").stdout
    assert json.loads(rows) == {"n": 10}


def peak_memory(command: list[str]) -> int:
    """Most bytes that a build and its workers held at one time."""
    build = psutil.Popen(command, stderr=subprocess.DEVNULL)
    peak = 0
    while build.poll() is None:
        try:
            family = [build, *build.children(recursive=True)]
            peak = max(peak, sum(process.memory_full_info().pss for process in family))
        except psutil.NoSuchProcess:
            continue  # one ended while we looked
        time.sleep(0.05)
    assert build.returncode == 0
    return peak


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_clips(recipe, tmp_path):
    def build_of(clips: int) -> list[str]:
        small = f"sources.synthetic={{clips: {clips}, seconds: 1, width: 96, height: 72}}"
        words = ["--set", small, "--set", "cut={seconds: 1, min_s: 0.5}"]
        out = str(tmp_path / str(clips))
        return [sys.executable, "-m", "acav1m", "build", str(recipe), "--out", out, *words]

    assert peak_memory(build_of(200)) < 1.2 * peak_memory(build_of(50))


def test_too_many_failures_stop_the_build(tmp_path, recipe):
    folder = tmp_path / "videos"
    folder.mkdir()
    for at in range(30):
        (folder / f"{at}.mp4").write_text("<html>not found</html>")
    words = ["--set", f"sources={{files: {{path: {folder}}}}}", "--max-failed", "0.5"]

    done = acav1m("build", recipe, "--out", tmp_path / "out", *words, check=False)

    assert done.returncode == 2
    assert "failed, more than --max-failed 0.5 allows" in done.stderr
    again = acav1m("build", recipe, "--out", tmp_path / "out", *words, check=False)
    assert again.returncode == 2
    assert not (tmp_path / "out").exists()


def test_all_failed_is_still_a_sound_release_that_says_so(tmp_path, recipe):
    folder = tmp_path / "videos"
    folder.mkdir()
    (folder / "page.mp4").write_text("<html>not found</html>")

    report = build(recipe, tmp_path / "out", "--set", f"sources={{files: {{path: {folder}}}}}")

    assert (report["seen"], report["failed"]) == (1, 1)
    assert report["failed_by"] == {"not_media": 1}
    assert acav1m("verify", tmp_path / "out").returncode == 0


def refused(*words: object) -> str:
    done = acav1m(*words, check=False)
    assert done.returncode == 2, (done.returncode, done.stderr)
    assert done.stdout == ""
    *progress, line = done.stderr.strip().splitlines()
    assert line.startswith("acav1m: ")
    assert not [said for said in progress if said.startswith(("acav1m: ", "Traceback"))]
    return line


def test_a_used_folder_is_refused_and_left_alone(recipe, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("irreplaceable")

    line = refused("build", recipe, "--out", tmp_path / "mine")

    assert "is not empty and holds no release" in line
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "irreplaceable"


def test_another_version_is_not_overwritten(copied, recipe):
    before = content(copied)

    line = refused("build", recipe, "--out", copied, "--set", "version=0.2.0")

    assert "holds tiny 0.1.0" in line
    assert content(copied) == before


def test_a_release_of_another_format_is_refused(copied, recipe):
    lock = copied / "recipe.lock.yaml"
    lock.write_text(yaml.safe_dump(yaml.safe_load(lock.read_text()) | {"format": 99}))

    assert "format 99" in refused("build", recipe, "--out", copied)
    assert "format 99" in refused("verify", copied)
    assert "format 99" in refused("query", copied, "select 1")


def test_an_empty_source_leaves_nothing_behind(recipe, tmp_path):
    (tmp_path / "videos").mkdir()
    words = ["--set", f"sources={{files: {{path: {tmp_path / 'videos'}}}}}"]

    line = refused("build", recipe, "--out", tmp_path / "out", *words)

    assert "holds no files" in line
    assert [p.name for p in tmp_path.iterdir()] == ["videos"]


def test_a_file_is_no_place_for_a_release(recipe, tmp_path):
    (tmp_path / "out").write_text("")

    assert "is a file" in refused("build", recipe, "--out", tmp_path / "out")


def test_a_place_that_cannot_be_made_is_one_line(recipe):
    assert "--out /proc/out" in refused("build", recipe, "--out", "/proc/out")
