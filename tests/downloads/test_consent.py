"""Who opted out is in no release, by lists that were there before, came late, or name uploaders."""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

CHANNEL = "UCabcdefghijklmnopqrstuv"
OTHER = "UCzyxwvutsrqponmlkjihgfe"
NAMES = ("Some One", "@some_one", OTHER, CHANNEL, "Other One")


def _opt_out(building: Any, *lists: str) -> None:
    recipe = building.recipe.read_text()
    building.recipe.write_text(
        recipe.partition("consent:")[0] + f"consent: {{opt_out: {[*lists]}}}\n"
    )


def _failed(rows: dict[str, dict[str, Any]]) -> dict[str, tuple[str, str]]:
    return {
        row["source_uri"].rpartition("/")[2]: (row["error_stage"], row["error_kind"])
        for row in rows.values()
        if row["state"] == "failed"
    }


def _bytes(*folders: Path) -> bytes:
    """All that is in these folders: tables as text, for theirs is compressed."""
    found = []
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        found.append(path.read_bytes())
        if path.suffix == ".parquet":
            found.append(repr(pq.ParquetFile(path).read().to_pylist()).encode())
    return b"".join(found)


def _media(work: Path) -> list[str]:
    return sorted(path.parent.name for path in work.glob("store/*/media/**/*.mp4"))


def test_whom_lists_name_is_not_asked_for_and_uploaders_are_hashes(
    server: Any, serving: Any, film: Any, building: Any
) -> None:
    urls = [server.url(f"/{n}.mp4", serving.good(film(n))) for n in range(5)]
    whose = ["", CHANNEL, OTHER, OTHER, ""]
    said = "hello,CC0"
    rows = [f"{url},{who},{who and NAMES[0]},{said}" for url, who in zip(urls, whose, strict=True)]
    again = f"{urls[1]},,,{said}"  # names nobody, but is of the same video
    building.lists(*rows, again, header="url,channelId,channel,title,license")
    (building.folder / "ids.txt").write_text(f"{urls[0]}?\n# nobody\n")
    other = server.url("/channels.csv", serving.good(f"channel,why\n{CHANNEL},asked\n".encode()))
    _opt_out(building, str(building.folder / "ids.txt"), f"{other}?key=secret")

    ledger = building.built()

    assert _failed(ledger) == {"1.mp4": ("source", "opted_out")} | {
        "0.mp4": ("source", "opted_out")
    }
    assert server.asked["/0.mp4"] == server.asked["/1.mp4"] == 0
    states = pq.read_table(building.work / "ledger.parquet")["state"].to_pylist()
    assert Counter(states) == {"kept": 3, "failed": 3}
    hashes = [ledger[f"{url}#0"]["uploader_hash"] for url in urls]
    assert hashes[2] == hashes[3] is not None
    assert hashes[0] is hashes[1] is hashes[4] is None
    assert [ledger[f"{url}#0"]["title"] for url in urls] == [None, None, *["hello"] * 3]
    assert [ledger[f"{url}#0"]["license"] for url in urls] == [None, None, *["CC0-1.0"] * 3]
    assert ledger[f"{urls[1]}#0"]["error_message"].endswith(f"opt-out list {other}")
    locked = yaml.safe_load((building.out / "recipe.lock.yaml").read_text())
    assert [(one["name"], one["entries"]) for one in locked["consent"]["opt_out"]] == [
        ("ids.txt", 1),
        (other, 1),
    ]
    for name in (*NAMES, "key=secret", str(building.folder)):
        assert name.encode() not in _bytes(building.out), name
    everywhere = _bytes(building.out, building.work)
    for name in NAMES:
        assert name.encode() not in everywhere, name


@pytest.mark.slow
def test_a_list_that_grows_takes_clips_out_and_touches_no_other(
    server: Any, serving: Any, film: Any, building: Any
) -> None:
    urls = [server.url(f"/{n}.mp4", serving.good(film(n, 2.0))) for n in range(4)]
    building.lists(*urls)
    opt_out = building.folder / "opt.txt"
    opt_out.write_text("")
    _opt_out(building, str(opt_out))
    before = building.built()
    assert {row["state"] for row in before.values()} == {"kept"}
    media = _media(building.work)
    clip = before[f"{urls[2]}#1"]
    opt_out.write_text(
        f"{before[f'{urls[0]}#0']['source_sha256']}\n{urls[1]}\n{clip['flac_sha256']}\n"
    )
    asked = dict(server.asked)

    after = building.built()

    assert dict(server.asked) == asked
    failed = {row["clip_id"] for row in after.values() if row["state"] == "failed"}
    assert len(failed) == 3
    assert clip["clip_id"] in failed
    assert {row["clip_id"] for row in after.values()} - failed == {
        before[f"{urls[n]}#{s}"]["clip_id"] for n, s in ((2, 0), (3, 0), (3, 1))
    }
    assert len(_media(building.work)) == 3 == len(media) - 5
    assert clip["flac_sha256"].encode() not in _bytes(building.out)
    again = _bytes(building.out)
    assert building.built("--retry", "all")
    assert dict(server.asked) == asked
    assert _bytes(building.out) == again

    opt_out.write_text("# all came back\n")
    back = building.built()
    assert {row["state"] for row in back.values()} == {"kept"}
    assert {u: row["clip_id"] for u, row in back.items()} == {
        u: row["clip_id"] for u, row in before.items()
    }


@pytest.mark.slow
def test_a_list_that_grows_while_a_build_runs_counts_at_its_end(
    server: Any, serving: Any, film: Any, building: Any
) -> None:
    url = server.url("/0.mp4", serving.good(film(0)))
    slow = server.url("/slow.mp4", serving.drip(film(1), piece=4000, every_s=0.2))
    building.lists(url, slow)
    listed = building.folder / "opt.txt"
    listed.write_text("nobody\n")
    _opt_out(building, str(listed))
    child = subprocess.Popen(building.command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while server.asked["/slow.mp4"] == 0:
        assert child.poll() is None, child.communicate()
        time.sleep(0.02)

    listed.write_text(f"{url}\n")

    _, complained = child.communicate()
    assert child.returncode == 0, complained
    assert _failed(building.ledger()) == {"0.mp4": ("source", "opted_out")}
    assert len(_media(building.work)) == 1
    late = _bytes(building.out)
    building.built()
    assert _bytes(building.out) == late


@pytest.mark.slow
def test_an_uploader_whom_only_the_site_names_is_left_in_peace(
    server: Any, serving: Any, film: Any, building: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("yt_dlp")
    plugins = Path(__file__).parents[1] / "net" / "plugins"
    monkeypatch.setenv("PYTHONPATH", str(plugins))
    pages = []
    for number, (id_, name) in enumerate([(CHANNEL, "Some One"), (OTHER, "Other One")]):
        video = server.url(f"/media{number}.mp4", serving.good(film(number)))
        page = {"url": video, "ext": "mp4", "channel_id": id_, "channel": name}
        page |= {"license": "Creative Commons Attribution license (reuse allowed)"}
        answer = serving.good(json.dumps(page).encode(), "text/json")
        pages.append(server.url(f"/imitation/v{number}", answer))
    building.lists(*pages)
    building.recipe.write_text(building.recipe.read_text().replace("urls:", "youtube:"))
    listed = building.folder / "channels.csv"
    listed.write_text("id,channel\n,some one\n")
    _opt_out(building, str(listed))

    rows = building.built()

    assert _failed(rows) == {"v0": ("download", "opted_out")}
    assert server.asked["/media0.mp4"] == 0
    kept = rows[f"{pages[1]}#0"]
    assert kept["license"] == "CC-BY-3.0"
    assert kept["license_text"] == kept["fetched_license"] == page["license"]
    assert kept["uploader_hash"]
    everywhere = _bytes(building.out, building.work)
    for name in NAMES:
        assert name.encode() not in everywhere, name

    listed.write_text(f"id,channel\n,@some_one\n,{OTHER}\n")
    rows = building.built()
    assert _failed(rows)["v1"] == ("source", "opted_out")
    assert _media(building.work) == []

    listed.write_text("id,channel\n")
    assert _failed(building.built()) == {"v0": ("download", "opted_out")}
    assert _failed(building.built("--retry", "opted_out")) == {}


def test_a_list_that_cannot_be_had_stops_before_anything_is_asked_for(
    server: Any, serving: Any, film: Any, building: Any
) -> None:
    building.lists(server.url("/0.mp4", serving.good(film(0))))
    _opt_out(building, server.url("/list.txt", serving.status(404)))
    done = building.run()
    assert done.returncode == 2
    [line] = done.stderr.strip().splitlines()
    assert "consent.opt_out[0]" in line
    assert server.asked["/0.mp4"] == 0
    assert not building.out.exists()
