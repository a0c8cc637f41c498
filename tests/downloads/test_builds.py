"""Builds whose media come over a real network, from a server that misbehaves as it is told."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest


def test_good_ones_are_kept_others_say_why_and_what_may_mean_us_is_tried_again(
    server: Any, serving: Any, film: Any, building: Any
) -> None:
    good = [server.url(f"/{n}.mp4", serving.good(film(n))) for n in range(4)]
    moved = server.url("/moved", serving.redirect("/0b.mp4?key=1"))
    server.url("/0b.mp4", serving.good(film(9)))
    gone = server.url("/gone.mp4", serving.status(404))
    denied = [server.url(f"/denied{n}.mp4", serving.status(403)) for n in range(6)]
    noai = server.url("/noai.mp4", serving.good(film(5), **{"X-Robots-Tag": "noai"}))
    building.lists(*good, moved, gone, *denied, noai)

    rows = building.built()

    assert {u: r["error_kind"] for u, r in rows.items() if r["state"] == "failed"} == {
        f"{gone}#0": "not_found",
        **{f"{one}#0": "blocked" for one in denied},
        f"{noai}#0": "noai",
    }
    first = rows[f"{good[0]}#0"]
    assert (first["fetched_url"], first["fetched_content_type"]) == (good[0], "video/mp4")
    assert (first["fetched_etag"], first["fetch_attempts"]) == ('"one"', None)
    assert rows[f"{moved}#0"]["fetched_url"].endswith("/0b.mp4?key=1")
    assert rows[f"{denied[0]}#0"]["fetch_attempts"] == 2
    assert rows[f"{denied[0]}#0"]["fetch_error_at"].startswith("20")

    server.url("/denied0.mp4", serving.good(film(6)))
    before = Counter(server.asked)
    rows = building.built()  # more of the rest are refused than stop a build that is refused

    assert rows[f"{denied[0]}#0"]["state"] == "kept"
    assert {rows[f"{one}#0"]["error_kind"] for one in denied[1:]} == {"blocked"}
    asked = Counter(server.asked) - before
    assert asked == {"/denied0.mp4": 1, **{f"/denied{n}.mp4": 2 for n in range(1, 6)}}
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


@pytest.mark.slow
def test_one_slow_file_holds_nobody_up_and_the_order_changes_no_byte(
    server: Any, serving: Any, films: Any, building: Any
) -> None:
    contents = {f"/{n}.mp4": films(n) for n in range(24)}
    urls = [server.url(path, serving.good(content)) for path, content in contents.items()]
    building.lists(*urls)

    def cut() -> int:
        journals = building.work.glob("scratch/*/*.journal")
        return sum(journal.read_text().count('"done"') for journal in journals)

    async def last(request: Any) -> Any:
        """Answer once all others are cut, far more of them than are fetched ahead."""
        for _ in range(1000):
            if cut() >= len(urls) - 1:
                break
            await asyncio.sleep(0.05)
        cut_before.append(cut())
        return await serving.good(contents[first_asked[0]])(request)

    async def answer(request: Any) -> Any:
        """Have the very first that is asked for be the last."""
        first_asked.append(request.path)
        if request.path == first_asked[0]:
            return await last(request)
        return await serving.good(contents[request.path])(request)

    cut_before: list[int] = []
    first_asked: list[str] = []
    for path in contents:
        server.url(path, answer)
    building.built("--workers", "1")
    assert cut_before == [len(urls) - 1]
    slowly = (building.out / "checksums.sha256").read_text()

    for path, content in contents.items():
        server.url(path, serving.good(content))
    building.out, building.work = building.folder / "out2", building.folder / "work2"
    building.built()
    assert (building.out / "checksums.sha256").read_text() == slowly
