"""What is still to be downloaded comes in one order, however few rows are sorted at a time."""

from __future__ import annotations

import itertools
import tarfile
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pytest

from acav1m import downloads, listing
from acav1m.found import Found
from acav1m.plan import resolve
from acav1m.stages import download
from acav1m.work import Work

RECIPE = {"name": "x", "version": "0.1.0", "about": "x", "license": "CC0-1.0"}


@pytest.fixture
def found(tmp_path: Path) -> Found:
    """Most candidates lie in one tar, the others in small ones."""
    for name, samples in (("a", 300), ("b", 5), ("c", 5)):
        with tarfile.open(tmp_path / f"{name}.tar", "w") as tar:
            for number in range(samples):
                member = tarfile.TarInfo(f"{number:03}.mp4")
                member.size = 4
                tar.addfile(member, BytesIO(b"clip"))
    plan = resolve({**RECIPE, "sources": {"webdataset": {"path": f"{tmp_path}/*.tar"}}})
    work = Work(tmp_path / "work")
    work.scratch.mkdir(parents=True)
    listing.write(plan, work.listing, None)
    return Found(plan, work)


def test_a_large_file_is_sorted_in_slices_too(
    found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, rows = downloads.todo(found)
    at_once = [row["key"] for row in rows]
    assert len(set(at_once)) == count == 310

    sorted_at_once: list[int] = []
    streamed = downloads.streamed

    def counting(*words, **named):
        rows = list(streamed(*words, **named))
        sorted_at_once.append(len(rows))
        return rows

    monkeypatch.setattr(downloads, "streamed", counting)
    monkeypatch.setattr(downloads, "SORTED_ROWS", 100)
    assert [row["key"] for row in downloads.todo(found)[1]] == at_once
    assert len(sorted_at_once) == 4
    assert max(sorted_at_once) < 150


def test_what_lies_in_one_file_is_side_by_side(found: Found) -> None:
    tars = [row["candidate"]["uri"].partition("#")[0] for row in downloads.todo(found)[1]]
    changes = sum(one != next_ for one, next_ in itertools.pairwise(tars))
    assert changes == 2


@pytest.mark.parametrize(
    ("retry", "stage", "again"),
    [(None, "download", False), ("transient", "download", True), ("transient", "source", False)],
)
def test_a_video_of_which_one_clip_failed_is_tried_again(
    found: Found, retry: str | None, stage: str, again: bool
) -> None:
    _, rows = downloads.todo(found)
    key = next(rows)["key"]
    media = found.clips.folder / "media"
    media.mkdir(parents=True)
    for suffix in ("mp4", "flac"):
        (media / f"{key}.{suffix}").touch()
    whole = {"media": key, "mp4_bytes": 0, "flac_bytes": 0}
    failed = {"error_stage": stage, "error_kind": "timeout", "error_transient": True}
    clips = [{"key": f"{key}-{n}", "candidate": key} | one for n, one in enumerate((whole, failed))]
    found.clips.commit("part", pa.Table.from_pylist(clips, schema=download.SCHEMA))
    found.retry = retry

    count, rows = downloads.todo(found)
    assert [row["partly"] for row in rows if row["key"] == key] == [True] * again
    assert count == 309 + again
