"""The lists of a build, and the media that they take out of its work folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from acav1m.consent.consent import Consent
from acav1m.errors import AcavError
from acav1m.recipe import Recipe
from acav1m.stages.download import SCHEMA
from acav1m.work import Work

EDITED = "ab" * 32


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Work]:
    """A work folder in which two videos were cut, and a clip of one was edited as well."""
    made = Work(tmp_path / "work")
    _clip(made, "download-1", "a", "a_0_2000", "cd" * 32)
    _clip(made, "download-1", "a", "a_2000_4000", "ef" * 32)
    _clip(made, "download-1", "b", "b_0_2000", "12" * 32)
    _clip(made, "edit-2", "a", "a_0_2000", EDITED)
    listed = pa.table({"key": ["a", "b"], "source_uri": ["a.mp4", "b.mp4"]})
    nobody = pa.nulls(2, pa.list_(pa.string()))
    pq.write_table(listed.append_column("listed_uploader_marks", nobody), made.listing)
    with made:
        yield made


def _clip(work: Work, store: str, candidate: str, clip_id: str, sha256: str) -> None:
    folder = work.folder / "store" / store
    (folder / "media").mkdir(parents=True, exist_ok=True)
    (work.folder / "acav1m.lock").touch()
    for suffix in ("mp4", "flac"):
        (folder / "media" / f"{clip_id}.{suffix}").write_text("x")
    row = {"key": f"{candidate}-{clip_id}", "candidate": candidate, "clip_id": clip_id}
    row |= {"media": clip_id, "flac_sha256": sha256}
    pq.write_table(pa.Table.from_pylist([row], SCHEMA), folder / f"{clip_id}.parquet")


def _consent(work: Work, *entries: str) -> Consent:
    path = work.folder.with_name("opt.txt")
    path.write_text("\n".join(entries))
    about = {"name": "x", "version": "0.1.0", "about": "x", "license": "CC0-1.0"}
    asked = {"sources": {"synthetic": {}}, "consent": {"opt_out": str(path)}}
    return Consent(Recipe.model_validate(about | asked), work)


def _lying(work: Work) -> list[str]:
    return sorted(path.name for path in work.folder.glob("store/*/media/*.mp4"))


def test_a_clip_goes_in_every_form_that_it_has(work: Work) -> None:
    consent = _consent(work, EDITED)
    consent.read()
    found = consent.outs()
    assert (dict(found.videos), list(found.clips)) == ({}, [("a", "a_0_2000")])
    assert consent.purge(found) == 2
    assert _lying(work) == ["a_2000_4000.mp4", "b_0_2000.mp4"]
    assert consent.purge(found) == 0


def test_a_video_goes_with_all_its_clips(work: Work) -> None:
    consent = _consent(work, "a.mp4")
    consent.read()
    assert consent.purge(consent.outs()) == 3
    assert _lying(work) == ["b_0_2000.mp4"]


def test_what_a_killed_build_left_without_a_row_goes_with_its_video(work: Work) -> None:
    for store, key in (("download-1", "a"), ("download-1", "b")):
        folder = work.folder / "store" / store / "media" / key[:2] / key
        folder.mkdir(parents=True)
        (folder / ".x.mp4").touch()
    consent = _consent(work, "a.mp4")
    consent.read()
    consent.purge(consent.outs())
    assert [path.parent.name for path in work.folder.rglob(".x.mp4")] == ["b"]


def test_a_list_that_changes_is_read_anew(work: Work) -> None:
    consent = _consent(work, "x")
    consent.read()
    assert not consent.outs()
    [before] = consent.told()
    _consent(work, "x", "b.mp4")
    consent.read()
    assert list(consent.outs().videos) == ["b.mp4"]
    [after] = consent.told()
    assert (before["entries"], after["entries"]) == (1, 2)
    assert before["sha256"] != after["sha256"]


def test_without_lists_nothing_is_left_of_them(work: Work) -> None:
    consent = _consent(work, "a.mp4")
    consent.read()
    asked = {**consent.recipe.model_dump(), "consent": {}}
    after = Consent(Recipe.model_validate(asked), work)
    after.read()
    assert not after.outs()
    assert after.told() == []
    assert not list(work.consent.glob("book*"))


def test_a_damaged_part_is_one_line(work: Work) -> None:
    consent = _consent(work, "a.mp4")
    consent.read()
    part = work.folder / "store" / "edit-2" / "a_0_2000.parquet"
    part.write_bytes(b"PAR1 nonsense")
    with pytest.raises(AcavError, match=r"a_0_2000\.parquet is damaged; delete it"):
        consent.outs()
