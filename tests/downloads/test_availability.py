"""What of a release or a list can still be had, asked of a real server that changes its mind."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from acav1m.cli import app

PRIVATE = "network.allow_private=[127.0.0.1/32]"
QUICK = ("--workers", "1", "--set", PRIVATE, "--set", "network.tries=1")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["availability", *map(str, words)])


def checked(tmp_path: Path, *words: object) -> dict[str, dict[str, Any]]:
    """The rows of a check, by the last part of their uri."""
    out = tmp_path / "rows.jsonl"
    done = run(*words, "--out", out, *QUICK)
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    return {row["uri"].rpartition("/")[2]: row for row in rows}


def states(rows: dict[str, dict[str, Any]]) -> dict[str, tuple[str, str | None]]:
    return {name: (row["state"], row["kind"]) for name, row in rows.items()}


Lists = Callable[..., Path]


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    """Write a list of addresses."""

    def made(*urls: str) -> Path:
        path = tmp_path / "media.csv"
        path.write_text("\n".join(["url", *urls]) + "\n")
        return path

    return made


@pytest.fixture
def build(building: Any) -> Callable[..., Path]:
    """Build a release of addresses."""

    def made(*rows: str, header: str = "url") -> Path:
        building.lists(*rows, header=header)
        building.built()
        folder: Path = building.out
        return folder

    return made


def test_a_list_is_asked_for_and_nothing_is_left(
    server: Any, serving: Any, lists: Lists, tmp_path: Path
) -> None:
    path = lists(
        server.url("/good.mp4", serving.good()),
        server.url("/good.mp4"),
        server.url("/moved", serving.redirect("/good.mp4")),
        server.url("/gone", serving.status(404)),
        server.url("/removed", serving.status(410)),
        server.url("/denied", serving.status(403)),
        server.url("/failing", serving.status(503)),
        server.url("/page", serving.status(200, serving.PAGE)),
        server.url("/inward", serving.redirect("http://10.0.0.1/x.mp4")),
    )
    server.url("/good.mp4", serving.good())

    rows = checked(tmp_path, path, "--source", "urls")

    assert states(rows) == {
        "good.mp4": ("available", None),
        "moved": ("available", None),
        "gone": ("gone", "not_found"),
        "removed": ("gone", "removed"),
        "denied": ("unknown", "blocked"),
        "failing": ("unknown", "server_error"),
        "page": ("gone", "not_media"),
        "inward": ("unknown", "refused_address"),
    }
    assert rows["good.mp4"]["found_bytes"] == len(serving.MEDIA)
    assert rows["moved"]["found_url"].endswith("/good.mp4")
    assert rows["denied"]["message"].endswith("HTTP 403 Forbidden")
    assert rows["denied"]["at"].startswith("20")
    assert {path.name for path in tmp_path.iterdir()} == {"media.csv", "rows.jsonl"}


@pytest.mark.slow
def test_a_release_is_held_to_what_it_recorded(
    server: Any, serving: Any, film: Any, build: Any, tmp_path: Path
) -> None:
    dated = {"Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}
    later = {"Last-Modified": "Sat, 21 Nov 2026 11:00:00 GMT"}
    server.url("/touched", serving.good(film(1), etag=None, **dated))
    for n, name in enumerate(("same", "edited", "renamed", "deleted", "denied", "silently")):
        server.url(f"/{name}", serving.good(film(n)))
    server.url("/back", serving.status(404))
    folder = build(*(server.url(path, *server.answers[path]) for path in list(server.answers)))

    server.url("/touched", serving.good(film(1), etag=None, **later))
    server.url("/edited", serving.good(film(1) + b"more", etag='"two"'))
    server.url("/renamed", serving.good(film(2), etag='"two"'))
    server.url("/deleted", serving.status(410))
    server.url("/denied", serving.status(403))
    server.url("/silently", serving.good(film(5)[:-1] + b"x"))
    server.url("/back", serving.good(film(7)))
    rows = checked(tmp_path, folder)

    assert states(rows) == {
        "same": ("available", None),
        "touched": ("changed", "last_modified"),
        "edited": ("changed", "bytes, etag"),
        "renamed": ("changed", "etag"),
        "deleted": ("gone", "removed"),
        "denied": ("unknown", "blocked"),
        "silently": ("available", None),
        "back": ("available", None),
    }
    assert rows["same"]["compared"] == ["bytes", "etag"]
    assert rows["renamed"]["message"] == 'etag was "one", is "two"'
    assert rows["back"]["recorded_error_kind"] == "not_found"

    rows = checked(tmp_path, folder, "--bytes")

    assert states(rows) == {
        "same": ("available", None),
        "touched": ("available", None),
        "edited": ("changed", "sha256"),
        "renamed": ("available", None),
        "deleted": ("gone", "removed"),
        "denied": ("unknown", "blocked"),
        "silently": ("changed", "sha256"),
        "back": ("available", None),
    }
    assert rows["same"]["compared"] == ["sha256"]
    assert rows["same"]["found_sha256"] == rows["same"]["recorded_sha256"]
    assert not list(tmp_path.glob("*.availability"))
    assert CliRunner().invoke(app, ["verify", str(folder)]).exit_code == 0


@pytest.mark.slow
def test_pages_are_asked_through_ytdlp(
    server: Any, serving: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("yt_dlp")
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "net" / "plugins")
    pages = {
        "there": {"url": "http://127.0.0.1/x.mp4", "duration": 100.4, "ext": "mp4"},
        "trimmed": {"url": "http://127.0.0.1/x.mp4", "duration": 60, "ext": "mp4"},
        "private": {"error": "This is a private video"},
        "robots": {"error": "Sign in to confirm you're not a bot"},
    }
    urls = [
        server.url(f"/imitation/{name}", serving.good(json.dumps(page).encode(), "text/json"))
        for name, page in pages.items()
    ]
    path = tmp_path / "pages.csv"
    rows = [f"{url},100.0" for url in urls]
    path.write_text("\n".join(["url,source_declared_duration_s", *rows]) + "\n")

    found = checked(tmp_path, path, "--source", "youtube")

    assert states(found) == {
        "there": ("available", None),
        "trimmed": ("changed", "duration_s"),
        "private": ("gone", "private"),
        "robots": ("unknown", "bot_check"),
    }
    assert not any(path.endswith(".mp4") for path in server.asked)


@pytest.mark.slow
def test_bytes_of_videos_are_compared_where_all_of_them_were_recorded(
    server: Any, serving: Any, film: Any, tmp_path: Path
) -> None:
    pytest.importorskip("yt_dlp")
    same, other, long = (server.url(f"/{n}.mp4", serving.good(film(n))) for n in range(3))
    path = tmp_path / "pages.csv"
    sha256 = hashlib.sha256(film(0)).hexdigest()
    rows = [f"{same},{sha256},1", f"{other},{sha256},1", f"{long},{sha256},5000"]
    header = "url,source_sha256,source_declared_duration_s"
    path.write_text("\n".join([header, *rows]) + "\n")

    found = checked(tmp_path, path, "--source", "youtube", "--bytes")

    assert states(found) == {
        "0.mp4": ("available", None),
        "1.mp4": ("changed", "sha256"),
        "2.mp4": ("available", None),
    }
    assert "only a part" in found["2.mp4"]["message"]


@pytest.mark.slow
def test_media_inside_a_tar_are_there_as_long_as_it_is(
    server: Any, serving: Any, film: Any, building: Any, tmp_path: Path
) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for n in range(3):
            member = tarfile.TarInfo(f"{n}.mp4")
            member.size = len(film(n))
            tar.addfile(member, io.BytesIO(film(n)))
    url = server.url("/shard.tar", serving.good(made.getvalue(), "application/x-tar"))
    building.built("--set", f"sources={{webdataset: {{path: '{url}'}}}}")
    server.asked.clear()

    rows = checked(tmp_path, building.out)
    assert {row["state"] for row in rows.values()} == {"available"}
    assert {tuple(row["compared"]) for row in rows.values()} == {("etag",)}
    assert len(rows) == 3

    server.url("/shard.tar", serving.good(made.getvalue() + b"more", etag='"two"'))
    assert {row["kind"] for row in checked(tmp_path, building.out, "--bytes").values()} == {"etag"}
    server.url("/shard.tar", serving.status(404))
    rows = checked(tmp_path, building.out)
    assert set(states(rows).values()) == {("gone", "not_found")}


def test_who_opted_out_is_not_asked(
    server: Any, serving: Any, film: Any, building: Any, tmp_path: Path
) -> None:
    urls = [server.url(f"/{n}.mp4", serving.good(film(n))) for n in range(2)]
    out = tmp_path / "out.txt"
    out.write_text(f"{urls[0]}\n")
    building.lists(*urls)
    building.built("--set", f"consent.opt_out=[{out}]")
    server.asked.clear()

    found = checked(tmp_path, building.out)

    assert found["0.mp4"]["state"] == "not_checked"
    assert found["1.mp4"]["state"] == "available"
    assert server.asked == {"/1.mp4": 1}


def test_whoever_refuses_us_stops_the_check_and_later_it_goes_on(
    server: Any, serving: Any, lists: Lists, tmp_path: Path
) -> None:
    good = [server.url(f"/{n}.mp4", serving.good()) for n in range(4)]
    refused = [server.url(f"/x{n}.mp4", serving.status(403)) for n in range(30)]
    path = lists(*good, *refused)
    stop = ("--set", "network.stop_after=4", "--set", "network.pause_s=0")

    done = run(path, "--source", "urls", *QUICK, *stop)

    assert done.exit_code == 2
    [line] = [line for line in done.stderr.splitlines() if line.startswith("acav1m:")]
    assert "run the same command again" in line
    assert (tmp_path / "media.csv.availability").is_dir()

    for n in range(30):
        server.url(f"/x{n}.mp4", serving.good())
    rows = checked(tmp_path, path, "--source", "urls", *stop)

    assert {row["state"] for row in rows.values()} == {"available"}
    assert len(rows) == 34
    assert not (tmp_path / "media.csv.availability").exists()


@pytest.mark.slow
def test_a_killed_check_goes_on(server: Any, serving: Any, lists: Lists, tmp_path: Path) -> None:
    count = 120
    slow = [serving.drip(serving.MEDIA[:300], piece=100, every_s=0.05) for _ in range(count)]
    path = lists(*(server.url(f"/{n}.mp4", answer) for n, answer in enumerate(slow)))
    words = [sys.executable, "-m", "acav1m", "availability", str(path), "--source", "urls", *QUICK]
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _wait_until(lambda: len(server.asked) >= 40)
    for process in [psutil.Process(child.pid), *psutil.Process(child.pid).children(recursive=True)]:
        process.kill()
    child.wait()
    before = server.asked.total()
    assert before < count

    rows = checked(tmp_path, path, "--source", "urls")

    assert {row["state"] for row in rows.values()} == {"available"}
    assert len(rows) == count
    assert server.asked.total() - before < count - 15


def _wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(3000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to that")


@pytest.mark.slow
def test_a_release_is_rebuilt_from_its_ids_and_compared(
    server: Any, serving: Any, film: Any, building: Any, tmp_path: Path
) -> None:
    names = ("same", "edited", "deleted")
    urls = [server.url(f"/{name}", serving.good(film(n, 4.0))) for n, name in enumerate(names)]
    gone = server.url("/gone", serving.status(404))
    spans = [f"{url},{start},{start + 1.23}" for url in [*urls, gone] for start in (0.5, 2.04)]
    building.lists(*spans, header="url,start_s,end_s")
    building.built()
    first = building.out
    asked = CliRunner().invoke(app, ["query", str(first), _readme_query(), "--json"])
    assert asked.exit_code == 0, asked.output
    building.list = tmp_path / "ids.jsonl"
    building.list.write_text(asked.stdout)
    building.out, building.work = tmp_path / "again", tmp_path / "again.work"
    server.url("/edited", serving.good(film(9, 4.0)))
    server.url("/deleted", serving.status(410))

    building.built("--set", f"sources.urls.path={building.list}")

    def clips(folder: Path) -> dict[str, str]:
        rows = pq.read_table(folder / "metadata").to_pylist()
        return {row["clip_id"]: row["mp4_sha256"] for row in rows if "/same" in row["source_uri"]}

    assert clips(first) == clips(building.out)
    assert len(clips(first)) == 2
    out = tmp_path / "compared.parquet"
    done = run(first, "--against", building.out, "--out", out, "--json")
    assert done.exit_code == 0, done.output
    found = {row["uri"].rpartition("/")[2]: row for row in pq.read_table(out).to_pylist()}
    assert states(found) == {
        "same": ("same", None),
        "edited": ("changed", None),
        "deleted": ("gone", "removed"),
        "gone": ("neither", "not_found"),
    }
    told = json.loads(done.stdout)
    assert (told["shares_of"], told["states"]["gone"]["kinds"]) == (3, {"removed": 1})


def _readme_query() -> str:
    """The query that the README gives, so that it is tried as it stands there."""
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    [query] = [part for part in readme.split('"') if part.startswith("select source_uri as url")]
    return " ".join(query.split())


def test_it_keeps_out_of_the_release(build: Any, server: Any, serving: Any, film: Any) -> None:
    folder = build(server.url("/a.mp4", serving.good(film(1))))
    assert "would damage" in run(folder, "--work", folder / "w").stderr
    assert "would damage" in run(folder, "--out", folder / "metadata" / "x.csv").stderr
    assert [path.name for path in (folder / "metadata").iterdir()] == ["train-00000.parquet"]
