"""Each damage is found twice: by the checksums, and by the content once those are mended."""

from __future__ import annotations

import dataclasses
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import yaml

from acav1m.errors import ReleaseError
from acav1m.release import card, checksums, layout, tables, tar
from acav1m.release.checks import croissant
from acav1m.release.verify import verify
from acav1m.release.write import Content, write

TRAIN = layout.shard("train", 0)
METADATA = layout.metadata("train")


@pytest.fixture(autouse=True)
def _without_mlcroissant(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes a second each time and has tests of its own."""
    monkeypatch.setattr(croissant, "is_readable_here", lambda: False)


def _mend(folder: Path) -> None:
    """What a careless maintainer does after editing: write the checksums again."""
    checksums.write(folder)


def _mend_shards(folder: Path) -> None:
    """Make the index agree with a damaged shard, too."""
    index = pq.read_table(folder / layout.SHARDS).to_pylist()
    for shard in index:
        path = folder / shard["shard"]
        shard |= {"bytes": path.stat().st_size, "sha256": checksums.of(path)}
    tables.write(pa.Table.from_pylist(index), folder / layout.SHARDS)
    _mend(folder)


def _complains(folder: Path, *wanted: str) -> None:
    problems = verify(folder, decode_share=0).problems
    for words in wanted:
        assert any(words in problem for problem in problems), problems


def _rewrite(path: Path, members: list[tuple[str, bytes]]) -> None:
    with tar.Writer(path) as shard:
        for name, content in members:
            shard.add_bytes(name, content)
        shard.close()


def _read(path: Path) -> list[tuple[str, bytes]]:
    return [(member.name, member.file.read()) for member in tar.members(path)]


def test_sound_release_has_no_problem(release: Path) -> None:
    report = verify(release)
    assert report.problems == ()
    assert report.ok
    assert report.decoded == 10
    assert report.counts == {"seen": 16, "kept": 9, "flagged": 1, "rejected": 4, "failed": 2}
    assert any("mlcroissant is not installed" in note for note in report.notes)
    assert any("questions of DATASHEET.md are open" in note for note in report.notes)
    json.dumps(report.as_dict())


def test_share_of_clips_to_decode_is_kept_to(release: Path) -> None:
    assert verify(release, decode_share=0).decoded == 0
    assert 0 < verify(release, decode_share=0.5).decoded < 10


def test_decoded_features_verify_too(decoded: Path) -> None:
    assert verify(decoded, decode_share=0).problems == ()


def test_flipped_byte_in_a_shard_is_found(damaged: Path) -> None:
    path = damaged / TRAIN
    content = bytearray(path.read_bytes())
    content[2000] ^= 1
    path.write_bytes(content)
    _complains(damaged, f"{TRAIN} has changed", f"{TRAIN} is not the file shards.parquet has")
    _mend_shards(damaged)
    _complains(damaged, "v0_0_1000.flac is not the file that was measured")


def test_shard_cut_between_clips_is_found(
    damaged: Path, cut_before_last_clip: Callable[[Path], None]
) -> None:
    cut_before_last_clip(damaged / TRAIN)
    _complains(damaged, f"{TRAIN} has changed")
    _mend_shards(damaged)
    _complains(damaged, f"{TRAIN} ends early: v0_1000_2000.flac")


def test_shard_cut_inside_a_member_is_found(damaged: Path) -> None:
    path = damaged / TRAIN
    path.write_bytes(path.read_bytes()[:9000])
    _mend_shards(damaged)
    _complains(damaged, f"{TRAIN} is not a readable tar")


def test_missing_shard_is_found(damaged: Path) -> None:
    (damaged / TRAIN).unlink()
    _complains(damaged, f"{TRAIN} is missing")
    _mend(damaged)
    _complains(damaged, f"{TRAIN} is missing")


def test_deleted_metadata_row_is_found(damaged: Path) -> None:
    path = damaged / METADATA
    tables.write(pq.read_table(path).slice(0, 5), path)
    _complains(damaged, f"{METADATA} has changed")
    _mend(damaged)
    _complains(
        damaged,
        "add up to 15",
        "2 clips by shards.parquet, 1 by metadata",
        "which metadata has no row for",
        "declares the splits",
        "its table of splits is not what the tables give",
    )


def test_deleted_rejected_row_is_found(damaged: Path) -> None:
    path = damaged / layout.REJECTED
    tables.write(pq.read_table(path).slice(0, 5), path)
    _mend(damaged)
    _complains(damaged, "add up to 15")


def test_swapped_members_are_found(damaged: Path) -> None:
    members = _read(damaged / TRAIN)
    _rewrite(damaged / TRAIN, [members[1], members[0], *members[2:]])
    _complains(damaged, f"{TRAIN} has changed")
    _mend_shards(damaged)
    _complains(damaged, "holds v0_0_1000.json where v0_0_1000.flac should be")


def test_swapped_contents_are_found(damaged: Path) -> None:
    names, contents = zip(*_read(damaged / TRAIN), strict=True)
    _rewrite(damaged / TRAIN, list(zip(names, contents[3:] + contents[:3], strict=True)))
    _mend_shards(damaged)
    _complains(
        damaged,
        "v0_0_1000.flac is not the file that was measured",
        "v0_0_1000.json differs from metadata in clip_id",
        "v0_0_1000.mp4 is not where metadata says",
    )


def test_extra_member_is_found(damaged: Path) -> None:
    _rewrite(damaged / TRAIN, [*_read(damaged / TRAIN), ("zz.mp4", b"")])
    _mend_shards(damaged)
    _complains(damaged, "holds zz.mp4, which metadata has no row for")


def test_changed_score_is_found(damaged: Path) -> None:
    path = damaged / METADATA
    rows = pq.read_table(path)
    better = pa.array([2.0] * rows.num_rows)
    at = rows.schema.get_field_index("instance_score")
    tables.write(rows.set_column(at, "instance_score", better), path)
    _mend(damaged)
    _complains(damaged, "differs from metadata in instance_score", "its table of numbers")


def test_video_in_two_splits_is_found(damaged: Path) -> None:
    path = damaged / METADATA
    rows = pq.read_table(path)
    at = rows.schema.get_field_index("video_id")
    tables.write(rows.set_column(at, "video_id", pa.array(["v4"] * rows.num_rows)), path)
    _mend(damaged)
    _complains(damaged, "v4: is a video in more than one split")


def test_clip_that_is_there_twice_is_found(damaged: Path) -> None:
    path = damaged / METADATA
    rows = pq.read_table(path)
    tables.write(pa.concat_tables([rows, rows.slice(0, 1)]), path)
    _mend(damaged)
    _complains(damaged, "v0_0_1000: is in `metadata` twice")


def test_rejection_without_a_reason_is_found(damaged: Path) -> None:
    path = damaged / layout.REJECTED
    rows = pq.read_table(path)
    at = rows.schema.get_field_index("rejected_by")
    none = pa.nulls(rows.num_rows, pa.list_(pa.string()))
    tables.write(rows.set_column(at, "rejected_by", none), path)
    _mend(damaged)
    _complains(damaged, "v5_0_1000, v6_0_1000, v7_0_1000: is rejected without a reason")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("num_examples: 6", "num_examples: 7", "declares the splits"),
        ("name: lufs\n      dtype: float64", "name: lufs\n      dtype: int64", "other types"),
        ("| kept | 9 |", "| kept | 900 |", "its table of states"),
        ("---\npretty", "pretty", "has no front matter"),
        ("pretty_name: tiny", "pretty_name: [tiny", "has broken front matter"),
    ],
)
def test_edited_card_is_found(damaged: Path, old: str, new: str, complaint: str) -> None:
    path = damaged / layout.README
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    _complains(damaged, f"{layout.README} has changed")
    _mend(damaged)
    _complains(damaged, complaint)


def test_stray_file_is_found(damaged: Path) -> None:
    (damaged / "metadata" / "notes.txt").write_text("mine")
    _complains(damaged, "metadata/notes.txt is no part of the release")


def test_link_is_found(damaged: Path) -> None:
    target = damaged.parent / "shard.tar"
    (damaged / TRAIN).rename(target)
    (damaged / TRAIN).symlink_to(target)
    _complains(damaged, f"{TRAIN} is a link")


def test_clip_that_does_not_decode_is_found(damaged: Path) -> None:
    members = _read(damaged / TRAIN)
    name, content = members[2]
    members[2] = (name, content[:48] + bytes(len(content) - 48))
    _rewrite(damaged / TRAIN, members)
    problems = verify(damaged).problems
    assert any("the mp4 of v0_0_1000 does not decode" in problem for problem in problems)


def test_unreadable_table_is_one_of_several_findings(damaged: Path) -> None:
    (damaged / METADATA).write_bytes(b"PAR1nonsense")
    (damaged / "stray.txt").touch()
    report = verify(damaged)
    assert any("the metadata table is not readable" in problem for problem in report.problems)
    assert any("stray.txt" in problem for problem in report.problems)
    assert any("not checked" in note for note in report.notes)


def test_missing_column_is_a_finding(damaged: Path) -> None:
    for split in ("train", "validation", "test"):
        path = damaged / layout.metadata(split)
        tables.write(pq.read_table(path).drop_columns(["split"]), path)
    _complains(damaged, "the check of rows could not end")


@pytest.mark.parametrize("left", [b"", b"\xff\xfe nonsense \n", None])
@pytest.mark.parametrize(
    "path",
    [
        *(layout.README, layout.CROISSANT, layout.SHARDS, layout.SHARD_LIST),
        *(layout.REJECTED, METADATA, TRAIN, layout.CHECKSUMS),
    ],
)
def test_spoilt_file_is_a_finding_and_not_a_crash(
    damaged: Path, path: str, left: bytes | None
) -> None:
    """Emptied, overwritten or cut in half, and the checksums mended."""
    whole = (damaged / path).read_bytes()
    (damaged / path).write_bytes(whole[: len(whole) // 2] if left is None else left)
    if path != layout.CHECKSUMS:
        _mend(damaged)
    assert verify(damaged, decode_share=0).problems


@pytest.mark.parametrize("column", ["clip_id", "state", "mp4_offset", "shard"])
def test_table_without_a_column_is_a_finding_and_not_a_crash(damaged: Path, column: str) -> None:
    for split in ("train", "validation", "test"):
        path = damaged / layout.metadata(split)
        tables.write(pq.read_table(path).drop_columns([column]), path)
    assert verify(damaged).problems


def test_missing_checksums_are_found(damaged: Path) -> None:
    (damaged / layout.CHECKSUMS).unlink()
    _complains(damaged, "checksums.sha256 is missing")


@pytest.mark.parametrize("text", ["format: 2", "- 1", "name: x"])
def test_other_format_is_refused_in_one_line(damaged: Path, text: str) -> None:
    (damaged / layout.LOCK).write_text(text)
    with pytest.raises(ReleaseError, match="this program reads 1") as caught:
        verify(damaged)
    assert "\n" not in str(caught.value)


def test_broken_lock_is_refused_in_one_line(damaged: Path) -> None:
    (damaged / layout.LOCK).write_text("a: [b")
    with pytest.raises(ReleaseError, match="is not readable") as caught:
        verify(damaged)
    assert "\n" not in str(caught.value)


def test_folder_that_is_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="is no release"):
        verify(tmp_path)


def test_counts_of_the_lock_are_held_to(damaged: Path) -> None:
    path = damaged / layout.LOCK
    locked = yaml.safe_load(path.read_text())
    locked["counts"]["kept"] = 8
    path.write_text(yaml.safe_dump(locked))
    _mend(damaged)
    _complains(damaged, "8 clips are kept by recipe.lock.yaml, 9 by the tables")


def test_foreign_tar_is_found(damaged: Path) -> None:
    """A tar made by other hands, with directories in it, is a finding and not a crash."""
    path = damaged / TRAIN
    with tarfile.open(path, "w") as other:
        folder = tarfile.TarInfo("v0")
        folder.type = tarfile.DIRTYPE
        other.addfile(folder)
        other.addfile(tarfile.TarInfo("v0/a.mp4"), io.BytesIO())
    _mend_shards(damaged)
    _complains(damaged, f"{TRAIN} is not a readable tar: v0 is no plain file")


def test_tar_of_zeros_is_found(damaged: Path) -> None:
    path = damaged / TRAIN
    path.write_bytes(bytes(path.stat().st_size))
    _mend_shards(damaged)
    _complains(damaged, f"{TRAIN} ends early: v0_0_1000.flac and what follows is missing")


@pytest.mark.parametrize("counts", [None, [], [9], "many", {"kept": [9], "seen": None}])
def test_counts_that_are_no_numbers_are_found(damaged: Path, counts: object) -> None:
    path = damaged / layout.LOCK
    locked = yaml.safe_load(path.read_text())
    path.write_text(yaml.safe_dump(locked | {"counts": counts}))
    _mend(damaged)
    _complains(
        damaged,
        f"an unknown number of clips are kept by {layout.LOCK}, 9 by the tables",
        f"an unknown number of candidates were seen by {layout.LOCK}",
    )
    assert verify(damaged, decode_share=0).counts == {}


@pytest.mark.parametrize("info", ["x", 7, {"features": []}, ["x"], [], [{"splits": 3}]])
def test_strange_dataset_info_is_found(damaged: Path, info: object) -> None:
    path = damaged / layout.README
    front = card.read_front_matter(path.read_text()) | {"dataset_info": info}
    rest = path.read_text().split("---\n", 2)[2]
    path.write_text(f"---\n{yaml.safe_dump(front)}---\n{rest}")
    _mend(damaged)
    _complains(damaged, "the check of card could not end")


@pytest.mark.parametrize("broken", ["date: 2020-99-99", "[" * 3000])
def test_front_matter_that_yaml_cannot_hold_is_found(damaged: Path, broken: str) -> None:
    (damaged / layout.README).write_text(f"---\n{broken}\n---\n")
    _mend(damaged)
    _complains(damaged, "has broken front matter")


@pytest.mark.parametrize("broken", ["date: 2020-99-99", "[" * 3000])
def test_lock_that_yaml_cannot_hold_is_refused_in_one_line(damaged: Path, broken: str) -> None:
    (damaged / layout.LOCK).write_text(broken)
    with pytest.raises(ReleaseError, match="is not readable"):
        verify(damaged)


@pytest.mark.parametrize(("column", "value"), [("mp4_size", 2**62), ("flac_offset", -1)])
def test_place_outside_of_its_shard_is_found_before_it_is_read(
    damaged: Path, column: str, value: int
) -> None:
    path = damaged / METADATA
    rows = pq.read_table(path)
    at = rows.schema.get_field_index(column)
    tables.write(rows.set_column(at, column, pa.array([value] * rows.num_rows)), path)
    kind = column.partition("_")[0]
    problems = verify(damaged).problems
    for clip_id in rows["clip_id"].to_pylist():
        assert any(f"the {kind} of {clip_id} would lie outside" in found for found in problems)


def test_release_without_a_clip_is_sound_but_says_so(content: Content, tmp_path: Path) -> None:
    left_out = content.ledger.filter(pc.field("split").is_null())
    write(dataclasses.replace(content, ledger=left_out), tmp_path / "empty")
    report = verify(tmp_path / "empty")
    assert report.problems == ()
    assert "the release holds no clip" in report.notes
