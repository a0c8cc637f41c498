"""What a release with edited sound holds, and what one without goes on holding."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from acav1m import table
from acav1m.errors import ReleaseError
from acav1m.release import layout, tar
from acav1m.release.verify import verify
from acav1m.release.write import Content, write

GATED, MOVED = "v2_1000_2000", "v4_0_1000"


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _names(folder: Path) -> list[str]:
    return [one.name for path in sorted(folder.glob("data/*.tar")) for one in tar.members(path)]


def test_an_edited_clip_has_its_original_behind_its_other_files(edited: Path) -> None:
    names = _names(edited)
    assert [name for name in names if name.startswith(GATED)] == [
        f"{GATED}.flac",
        f"{GATED}.json",
        f"{GATED}.mp4",
        f"{GATED}.orig.flac",
    ]
    assert [name for name in names if name.endswith(".orig.flac")] == [
        f"{MOVED}.orig.flac",
        f"{GATED}.orig.flac",
    ]


def test_places_of_originals_are_known_and_null_elsewhere(
    edited: Path, edited_content: Content
) -> None:
    rows = [row for path in edited.glob("metadata/*") for row in pq.read_table(path).to_pylist()]
    for row in rows:
        if row["clip_id"] in (GATED, MOVED):
            held = edited_content.originals[row["clip_id"]].read_bytes()
            shard, at = (edited / row["shard"]).read_bytes(), row["orig_flac_offset"]
            assert shard[at : at + row["orig_flac_size"]] == held
        else:
            assert row["orig_flac_offset"] is row["orig_flac_size"] is None


def test_every_attempt_is_in_its_table(edited: Path, edited_content: Content) -> None:
    found = pq.read_table(edited / layout.EDITS)
    assert found.schema == table.schema(table.EDITS_COLUMNS)
    assert found.equals(edited_content.edits)
    assert "v6_0_1000" in found["clip_id"].to_pylist()  # which is rejected


def test_second_write_gives_the_same_bytes(
    edited: Path, edited_content: Content, tmp_path: Path
) -> None:
    write(edited_content, tmp_path / "again")
    assert _hashes(tmp_path / "again") == _hashes(edited)


def test_without_originals_only_the_sound_before_is_missing(
    without_originals: Content, tmp_path: Path
) -> None:
    write(without_originals, tmp_path / "out")
    assert not [name for name in _names(tmp_path / "out") if "orig" in name]
    names = pq.read_schema(tmp_path / "out" / layout.metadata("train")).names
    assert "orig_flac_sha256" in names
    assert not set(layout.ORIGINAL_LOCATION) & set(names)
    assert verify(tmp_path / "out", decode_share=0).problems == ()


def test_a_release_whose_editors_found_nothing_to_do_is_sound(
    content: Content, edited_content: Content, tmp_path: Path
) -> None:
    ledger = content.ledger
    for field in table.schema(table.EDIT_COLUMNS):
        ledger = ledger.append_column(field, pa.nulls(ledger.num_rows, field.type))
    nothing = dataclasses.replace(
        edited_content,
        ledger=ledger,
        media=content.media,
        edits=edited_content.edits.slice(0, 0),
        originals={},
    )
    write(nothing, tmp_path / "out")
    assert (tmp_path / "out" / layout.EDITS).is_file()
    assert "Edited sound" not in (tmp_path / "out" / layout.README).read_text(encoding="utf-8")
    assert verify(tmp_path / "out").problems == ()


def test_a_missing_or_changed_original_is_refused(edited_content: Content, tmp_path: Path) -> None:
    none = dataclasses.replace(edited_content, originals={})
    with pytest.raises(ReleaseError, match="is edited, but there is no original of it"):
        write(none, tmp_path / "a")
    other = dict.fromkeys(edited_content.originals, edited_content.originals[MOVED])
    with pytest.raises(ReleaseError, match=f"{GATED}.orig.flac has changed since it was measured"):
        write(dataclasses.replace(edited_content, originals=other), tmp_path / "b")


def test_shards_that_stay_are_taken_over_with_their_originals(
    edited: Path, edited_content: Content, tmp_path: Path
) -> None:
    write(edited_content, tmp_path / "again", previous=edited)
    assert _hashes(tmp_path / "again") == _hashes(edited)
    for shard in edited.glob("data/*.tar"):
        again = tmp_path / "again" / "data" / shard.name
        assert again.stat().st_ino == shard.stat().st_ino


@pytest.mark.usefixtures("without_mlcroissant")
@pytest.mark.parametrize("back", [False, True])
def test_shards_are_written_anew_when_originals_come_or_go(
    edited_content: Content, without_originals: Content, tmp_path: Path, back: bool
) -> None:
    first, then = (edited_content, without_originals)[:: -1 if back else 1]
    write(first, tmp_path / "first")
    write(then, tmp_path / "again", previous=tmp_path / "first")
    write(then, tmp_path / "fresh")
    assert _hashes(tmp_path / "again") == _hashes(tmp_path / "fresh")
    assert verify(tmp_path / "again", decode_share=0).problems == ()


def test_a_clip_that_is_edited_now_has_its_shard_written_anew(
    release: Path, edited_content: Content, edited: Path, tmp_path: Path
) -> None:
    write(edited_content, tmp_path / "again", previous=release)
    assert _hashes(tmp_path / "again") == _hashes(edited)


def test_another_edit_has_its_shard_written_anew(
    edited_content: Content, edited: Path, tmp_path: Path
) -> None:
    rows = edited_content.ledger.to_pylist()
    for row in rows:
        if row["clip_id"] == GATED:
            row["edit_reason"] = "for another reason"
    ledger = pa.Table.from_pylist(rows, edited_content.ledger.schema)
    changed = dataclasses.replace(edited_content, ledger=ledger)
    write(changed, tmp_path / "again", previous=edited)
    same = _hashes(tmp_path / "again").items() & _hashes(edited).items()
    assert {name for name, _ in same if name.startswith("data/")} == {
        name
        for name in _hashes(edited)
        if name.startswith("data/") and name != layout.shard("train", 2)
    }
