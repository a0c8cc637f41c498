"""Whole builds from tars: a release of ours is the source of another, wherever its tars lie."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

RECIPE = """
name: made
version: 0.1.0
about: Clips from elsewhere.
license: CC0-1.0
date: 2026-11-21
sources: {sources}
network: {{allow_private: [127.0.0.1/32, "::1/128"], tries: 1}}
cut: {{seconds: 1, min_s: 0.5}}
measures: {{probe: {{}}}}
release: {{clips_per_shard: 2, splits: {{train: 1, validation: 0, test: 0}}}}
"""

pytestmark = pytest.mark.slow


def built(folder: Path, sources: Any, **environment: str) -> list[dict[str, Any]]:
    """Build; the ledger."""
    folder.mkdir(exist_ok=True)
    recipe = folder / "recipe.yaml"
    recipe.write_text(RECIPE.format(sources=json.dumps(sources)))
    out = folder / "out"
    command = [sys.executable, "-m", "acav1m", "build", str(recipe), "--out", str(out)]
    done = subprocess.run(
        [*command, "--workers", "1"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, Any]] = pq.read_table(folder / "out.work" / "ledger.parquet").to_pylist()
    return sorted(rows, key=lambda row: str(row["source_uri"]))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """A release of rendered clips, and its ledger."""
    folder = tmp_path_factory.mktemp("first")
    rows = built(folder, {"synthetic": {"clips": 4, "seed": 7, "seconds": 1}})
    return folder / "out", rows


def _agree(rows: list[dict[str, Any]], before: list[dict[str, Any]]) -> None:
    """Each released clip came again, byte for byte, with what was said of it."""
    wanted = {row["mp4_sha256"]: row["source_caption"] for row in before if row["split"]}
    got = {row["source_sha256"]: row["source_caption"] for row in rows if row["split"]}
    assert got == wanted
    assert len(got) == 4


def test_tars_of_this_disk_and_one_that_is_cut_off(first: Any, tmp_path: Path) -> None:
    release, before = first
    shards = sorted(release.glob("data/*.tar"))
    (tmp_path / "in").mkdir()
    for shard in shards:
        (tmp_path / "in" / shard.name).symlink_to(shard)
    (tmp_path / "in" / "zz.tar").write_bytes(shards[0].read_bytes()[:60_000])

    rows = built(tmp_path / "again", {"webdataset": {"path": str(tmp_path / "in")}})

    cut = [row for row in rows if row["source_uri"].startswith("zz.tar")]
    assert "truncated" in {row["error_kind"] for row in cut}
    _agree([row for row in rows if row not in cut], before)
    for path in (tmp_path / "again" / "out").rglob("*"):
        if path.is_file():
            assert str(tmp_path).encode() not in path.read_bytes()


def test_tars_on_a_server(first: Any, tmp_path: Path, server: Any, serving: Any) -> None:
    release, before = first
    for number, shard in enumerate(sorted(release.glob("data/*.tar"))):
        url = server.url(f"/s-{number}.tar", serving.good(shard.read_bytes()))
    path = f"{url.rpartition('-')[0]}-{{0..{number}}}.tar?signature=secret"

    rows = built(tmp_path, {"webdataset": {"path": path}})

    _agree(rows, before)
    for found in (tmp_path / "out").rglob("*"):
        assert found.is_dir() or b"secret" not in found.read_bytes()


def test_a_release_on_the_hub(first: Any, tmp_path: Path, hub: Any) -> None:
    release, before = first
    files = {str(p.relative_to(release)): p.read_bytes() for p in release.rglob("*") if p.is_file()}
    hub.holds(files)

    rows = built(tmp_path, {"hub": {"repo": "org/name", "split": "train"}}, HF_TOKEN="hf_key")

    _agree(rows, before)
    locked = (tmp_path / "out" / "recipe.lock.yaml").read_text()
    assert f"commit: {hub.commit}" in locked.replace("'", "")
    for folder in (tmp_path / "out", tmp_path / "out.work"):
        for found in folder.rglob("*"):
            assert found.is_dir() or b"hf_key" not in found.read_bytes()
