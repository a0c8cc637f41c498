"""Builds whose media come over a real network, from a server that misbehaves as it is told."""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
import pytest


def test_good_ones_are_kept_others_say_why_and_what_may_mean_us_is_tried_again(
    server: Any, serving: Any, film: Any, building: Any
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
    server: Any, serving: Any, film: Any, building: Any
) -> None:
    url = server.url("/long.mp4", serving.good(film(7, 4.0)))
    building.lists(*(f"{url},{s},{s + 1}" for s in range(4)), header="url,start_s,end_s")

    rows = building.built()

    assert {r["state"] for r in rows.values()} == {"kept"}
    assert len(rows) == 4
    assert server.asked["/long.mp4"] == 1


def test_a_build_that_is_refused_stops_with_one_message_and_then_goes_on(
    server: Any, serving: Any, film: Any, building: Any
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
    server: Any, serving: Any, film: Any, building: Any
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
    server: Any, serving: Any, film: Any, building: Any
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
