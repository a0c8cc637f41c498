"""Releases of local and rendered videos, samples, and what is wrong with options."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from acav1m.availability import subjects
from acav1m.availability.check import Asked, check
from acav1m.cli import app
from acav1m.how import How
from acav1m.sources.urls import Urls
from acav1m.testing import tone

RECIPE = """
name: local
version: 0.1.0
about: Tones.
license: CC0-1.0
sources: {{files: {{path: {folder}}}, synthetic: {{clips: 1}}}}
cut: {{seconds: 1, min_s: 0.5}}
measures: {{probe: {{}}}}
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(app, list(map(str, words)))


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of three tones and a text, with their folder beside it."""
    folder = tmp_path_factory.mktemp("local")
    films = folder / "films"
    films.mkdir()
    for hz in (300, 400, 500):
        clip = tone(1, hz=hz, folder=folder)
        clip.mp4.rename(films / f"{hz}.mp4")
        clip.mp4.with_suffix(".flac").unlink()
    (films / "notes.mp4").write_text("no video")
    (folder / "recipe.yaml").write_text(RECIPE.format(folder=films))
    done = run("build", folder / "recipe.yaml", "--out", folder / "out", "--workers", 1)
    assert done.exit_code == 0, done.output
    return folder / "out"


def rows(release: Path, tmp_path: Path, **asked: Any) -> dict[str, dict[str, Any]]:
    out = tmp_path / "rows.parquet"
    check(Asked(release, **asked), out, How(workers=1))
    return {Path(row["uri"]).name: row for row in pq.read_table(out).to_pylist()}


def test_local_files_are_checked_only_where_they_are_said_to_be(
    release: Path, tmp_path: Path
) -> None:
    found = rows(release, tmp_path)
    assert {row["state"] for row in found.values()} == {"not_checked", "not_applicable"}
    assert "--root" in found["300.mp4"]["message"]

    root = tmp_path / "films"
    shutil.copytree(release.parent / "films", root)
    (root / "400.mp4").unlink()
    with (root / "500.mp4").open("r+b") as file:
        file.seek(100)
        file.write(b"x")
    with (root / "notes.mp4").open("a") as file:
        file.write(", still")
    found = rows(release, tmp_path, root=root)

    assert {n: (r["state"], r["kind"]) for n, r in found.items() if n.endswith(".mp4")} == {
        "300.mp4": ("available", None),
        "400.mp4": ("gone", "missing"),
        "500.mp4": ("changed", "sha256"),
        "notes.mp4": ("available", None),
    }
    assert found["notes.mp4"]["recorded_error_kind"] == "not_media"


def test_people_and_machines_are_told_the_same(release: Path) -> None:
    said = run("availability", release, "--root", release.parent / "films", "--workers", 1)
    told = run("availability", release, "--root", release.parent / "films", "--json")

    assert said.exit_code == told.exit_code == 0
    states = json.loads(told.stdout)["states"]
    assert states["available"] == {"count": 4, "kinds": {}, "share": 1.0}
    assert states["not_applicable"] == {"count": 1, "kinds": {"made": 1}}
    assert "available             4  100.0%" in said.stdout
    assert said.stdout.startswith("5 sources\n")


def test_a_release_compared_with_itself_is_the_same(release: Path, tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    done = run("availability", release, "--against", release, "--out", out)

    assert done.exit_code == 0
    assert "same                  4  100.0%" in done.stdout
    assert "neither               1" in done.stdout
    assert out.read_text().count("\n") == 6


@pytest.mark.slow
def test_a_release_compared_with_another_says_what_became_of_each(
    release: Path, tmp_path: Path
) -> None:
    films = tmp_path / "films"
    shutil.copytree(release.parent / "films", films)
    (films / "500.mp4").unlink()
    (films / "400.mp4").write_bytes((films / "300.mp4").read_bytes() + bytes(8))
    (films / "new.mp4").write_bytes((films / "300.mp4").read_bytes() + bytes(16))
    (tmp_path / "recipe.yaml").write_text(RECIPE.format(folder=films))
    done = run("build", tmp_path / "recipe.yaml", "--out", tmp_path / "out", "--workers", 1)
    assert done.exit_code == 0, done.output
    rows = tmp_path / "rows.parquet"

    told = json.loads(
        run("availability", release, "--against", tmp_path / "out", "--out", rows, "--json").stdout
    )

    found = {Path(row["uri"]).name: row["state"] for row in pq.read_table(rows).to_pylist()}
    assert {name: state for name, state in found.items() if name.endswith(".mp4")} == {
        "300.mp4": "same",
        "400.mp4": "changed",
        "500.mp4": "unlisted",
        "new.mp4": "new",
        "notes.mp4": "neither",
    }
    assert told["shares_of"] == 4
    assert told["states"]["new"] == {"count": 1, "kinds": {}}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "rows.xml"], "ends in no kind of table"),
        (["--out", "nowhere/rows.csv"], "is no folder to write to"),
        (["--root", "nowhere"], "--root nowhere: is no folder"),
        (["--set", "network.tries=x"], "network.tries: "),
        (["--against", "nowhere"], "is no release"),
        (["--against", ".", "--bytes"], "--bytes asks for media"),
        (["--source", "urls"], "is no list"),
    ],
)
def test_wrong_options_are_one_line(release: Path, words: list[str], said: str) -> None:
    done = run("availability", release, *words)
    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert said in line


def test_what_is_no_release_and_no_list(tmp_path: Path) -> None:
    assert "is no release" in run("availability", tmp_path).stderr
    path = tmp_path / "media.csv"
    path.write_text("url\nhttps://example.org/a.mp4\n")
    assert "add --source urls" in run("availability", path).stderr


def test_a_sample_is_drawn_from_distinct_sources_and_by_its_seed(tmp_path: Path) -> None:
    path = tmp_path / "media.csv"
    urls = [f"https://example.org/{n % 500}.mp4" for n in range(1000)]
    path.write_text("\n".join(["url", *urls]) + "\n")

    def drawn(sample: int | None, seed: int) -> list[str]:
        to = tmp_path / "sources.parquet"
        found = subjects.of_list("urls", Urls(path=str(path)), to, sample, seed)
        assert found.known == 500
        names: list[str] = pq.read_table(to)["uri"].to_pylist()
        assert len(names) == found.chosen == len(set(names))
        return names

    assert len(drawn(None, 0)) == 500
    assert drawn(50, 1) == drawn(50, 1) == drawn(60, 1)[:50]
    assert drawn(50, 1) != drawn(50, 2)


def test_stretches_have_no_checksum_in_common(tmp_path: Path) -> None:
    path = tmp_path / "media.csv"
    path.write_text(
        "url,source_sha256,source_bytes,source_declared_duration_s\n"
        "https://example.org/a.mp4,aa,10,90.5\n"
        "https://example.org/a.mp4,bb,11,90.5\n"
        "https://example.org/b.mp4,cc,12,\n"
    )
    subjects.of_list("urls", Urls(path=str(path)), tmp_path / "s.parquet", None, 0)
    found = {row["uri"][-5:]: row for row in pq.read_table(tmp_path / "s.parquet").to_pylist()}

    assert found["a.mp4"]["recorded_sha256"] is None
    assert found["a.mp4"]["recorded_bytes"] is None
    assert found["a.mp4"]["recorded_duration_s"] == 90.5
    assert (found["b.mp4"]["recorded_sha256"], found["b.mp4"]["recorded_bytes"]) == ("cc", 12)
