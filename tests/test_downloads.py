"""Builds whose media come over a real network, from a server that misbehaves as it is told."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pyarrow.parquet as pq
import pytest

from acav1m.media import encode

RECIPE = """
name: fetched
version: 0.1.0
about: Clips that came over the network.
license: CC0-1.0
date: 2026-11-21
sources: {{urls: {{path: {list}}}}}
network: {{allow_private: [127.0.0.1/32], stop_after: 4, pause_s: 0.2, ahead: 4}}
cut: {{seconds: 1, min_s: 0.5}}
measures: {{probe: {{}}}}
"""


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Make the bytes of a small video, other ones for each seed."""
    folder = tmp_path_factory.mktemp("films")

    def made(seed: int, seconds: float = 1.0) -> bytes:
        path = folder / f"{seed}-{seconds}.mp4"
        if not path.exists():
            rng = np.random.default_rng(seed)
            pictures = rng.integers(0, 255, (round(seconds * 10), 32, 32, 3), np.uint8)
            sound = rng.normal(0, 0.1, round(seconds * 16_000)).astype(np.float32)
            encode.write(path, pictures, 10, sound, 16_000)
        return path.read_bytes()

    return made


class Building:
    """One list, one recipe, any number of builds of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.list = folder / "list.csv"
        self.recipe = folder / "recipe.yaml"
        self.recipe.write_text(RECIPE.format(list=self.list))
        self.out = folder / "out"
        self.work = folder / "work"

    def command(self, *words: str) -> list[str]:
        """The command line of a build."""
        options = ["--out", str(self.out), "--work", str(self.work), "--workers", "2", "--json"]
        return [sys.executable, "-m", "acav1m", "build", str(self.recipe), *options, *words]

    def lists(self, *rows: str, header: str = "url") -> None:
        """Write the list."""
        self.list.write_text("\n".join([header, *rows]) + "\n")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Build."""
        return subprocess.run(self.command(*words), capture_output=True, text=True, check=False)

    def built(self, *words: str) -> dict[str, dict[str, Any]]:
        """Build; the ledger by uri."""
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return self.ledger()

    def ledger(self) -> dict[str, dict[str, Any]]:
        """Rows by uri and start."""
        rows = pq.read_table(self.work / "ledger.parquet").to_pylist()
        return {f"{row['source_uri']}#{row['start_s'] or 0:g}": row for row in rows}


@pytest.fixture
def building(tmp_path: Path) -> Building:
    """A build about to be made."""
    return Building(tmp_path)


def test_good_ones_are_kept_others_say_why_and_what_may_mean_us_is_tried_again(
    server: Any, serving: Any, film: Any, building: Building
) -> None:
    good = [server.url(f"/{n}.mp4", serving.good(film(n))) for n in range(4)]
    moved = server.url("/moved", serving.redirect("/0b.mp4?key=1"))
    server.url("/0b.mp4", serving.good(film(9)))
    gone = server.url("/gone.mp4", serving.status(404))
    denied = server.url("/denied.mp4", serving.status(403))
    noai = server.url("/noai.mp4", serving.good(film(5), **{"X-Robots-Tag": "noai"}))
    building.lists(*good, moved, gone, denied, noai)

    rows = building.built()

    assert {u: r["error_kind"] for u, r in rows.items() if r["state"] == "failed"} == {
        f"{gone}#0": "not_found",
        f"{denied}#0": "blocked",
        f"{noai}#0": "noai",
    }
    first = rows[f"{good[0]}#0"]
    assert (first["fetched_url"], first["fetched_content_type"]) == (good[0], "video/mp4")
    assert (first["fetched_etag"], first["fetch_attempts"]) == ('"one"', None)
    assert rows[f"{moved}#0"]["fetched_url"].endswith("/0b.mp4?key=1")
    assert rows[f"{denied}#0"]["fetch_attempts"] == 2
    assert rows[f"{denied}#0"]["fetch_error_at"].startswith("20")

    server.url("/denied.mp4", serving.good(film(6)))
    before = Counter(server.asked)
    rows = building.built()

    assert rows[f"{denied}#0"]["state"] == "kept"
    assert Counter(server.asked) - before == {"/denied.mp4": 1}
    assert not (building.work / "scratch" / "fetched").exists()


def test_clips_of_one_video_share_one_download(
    server: Any, serving: Any, film: Any, building: Building
) -> None:
    url = server.url("/long.mp4", serving.good(film(7, 4.0)))
    building.lists(*(f"{url},{s},{s + 1}" for s in range(4)), header="url,start_s,end_s")

    rows = building.built()

    assert {r["state"] for r in rows.values()} == {"kept"}
    assert len(rows) == 4
    assert server.asked["/long.mp4"] == 1


def test_a_build_that_is_refused_stops_with_one_message_and_then_goes_on(
    server: Any, serving: Any, film: Any, building: Building
) -> None:
    good = [server.url(f"/{n}.mp4", serving.good(film(n))) for n in range(3)]
    urls = [server.url(f"/x{n}.mp4", serving.status(403)) for n in range(20)]
    building.lists(*good, *urls)

    done = building.run()

    assert done.returncode == 2
    assert "run the same command again" in done.stderr
    assert "Traceback" not in done.stderr
    asked = sum(times for path, times in server.asked.items() if path.startswith("/x"))
    assert asked < 40

    for n in range(20):
        server.url(f"/x{n}.mp4", serving.good(film(n)))
    rows = building.built()
    assert {row["error_kind"] for row in rows.values()} == {None}


@pytest.mark.slow
def test_a_killed_build_goes_on_inside_the_file(
    server: Any, serving: Any, film: Any, building: Building
) -> None:
    content = film(8, 30.0)
    assert len(content) > 400_000
    slow = serving.drip(
        content, piece=20_000, every_s=0.1, ETag='"one"', **{"Content-Type": "video/mp4"}
    )
    url = server.url("/long.mp4", slow, serving.good(content))
    building.lists(f"{url},1,2", f"{url},3,4", header="url,start_s,end_s")
    child = subprocess.Popen(building.command(), stdout=subprocess.DEVNULL)
    _wait_for_part(building.work)
    family = [psutil.Process(child.pid), *psutil.Process(child.pid).children(recursive=True)]
    for process in family:
        process.kill()
    child.wait()

    rows = building.built()

    assert {row["state"] for row in rows.values()} == {"kept"}
    assert server.asked["/long.mp4"] == 2
    assert int(server.headers[-1]["Range"].removeprefix("bytes=").removesuffix("-")) > 300_000


def _wait_for_part(work: Path) -> None:
    for _ in range(3000):
        parts = list(work.glob("scratch/fetched/*/*/*.part"))
        if parts and parts[0].stat().st_size > 300_000:
            return
        time.sleep(0.01)
    raise AssertionError(json.dumps([str(path) for path in work.rglob("*")]))


@pytest.mark.slow
def test_stretches_of_a_page_become_the_clips_that_were_asked_for(
    server: Any, serving: Any, film: Any, building: Building
) -> None:
    pytest.importorskip("yt_dlp")
    url = server.url("/long.mp4", serving.good(film(8, 30.0)))
    building.lists(f"{url},12,13", f"{url},20.5,21.5", header="url,start_s,end_s")
    source = f"sources={{youtube: {{path: {building.list}, policy: section, proxy: null}}}}"

    rows = building.built("--set", source)

    assert {row["state"] for row in rows.values()} == {"kept"}
    spans = sorted((row["start_s"], row["end_s"]) for row in rows.values())
    wanted = [(12, 13), (20.5, 21.5)]
    assert spans == [tuple(pytest.approx(s, abs=0.1) for s in span) for span in wanted]
    assert {row["fetched_url"] for row in rows.values()} == {url}
    locked = (building.out / "recipe.lock.yaml").read_text()
    assert str(building.folder) not in locked
    assert "proxy" not in locked.replace("sources=...", "")
