"""Whatever is changed of an edit is found, once the checksums are mended, too."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from acav1m.agent import action as actions
from acav1m.agent.actions.volume import Volume
from acav1m.agent.settings import Settings
from acav1m.agent.transform import Transform
from acav1m.media import decode
from acav1m.release import checksums, layout, lock, shards, tables, tar, views
from acav1m.release.checks import edits, media, replay
from acav1m.release.verify import Report, verify
from acav1m.release.write import Content, write
from acav1m.testing import write_flac

GATED, MOVED, NOT_BETTER = "v2_1000_2000", "v4_0_1000", "v1_0_1000"
HOLDS = {GATED: layout.shard("train", 2), MOVED: layout.shard("test", 0)}
VOLUME = {"action": "volume", "parameters": {"target_lufs": -20}, "version": 1}
LOUDER = Transform.of(Volume(target_lufs=-12)).model_dump_json()


pytestmark = pytest.mark.usefixtures("without_mlcroissant")


def _change(folder: Path, path: str, clip_id: str, changed: dict[str, Any]) -> None:
    """Change the rows of one clip in a table, and mend the checksums."""
    table = pq.read_table(folder / path)
    rows = [row | changed if row["clip_id"] == clip_id else row for row in table.to_pylist()]
    tables.write(pa.Table.from_pylist(rows, table.schema), folder / path)
    checksums.write(folder)


def _in_sql(folder: Path) -> list[str]:
    """What the check of edits alone finds: it is quick."""
    found = views.datasets(folder)
    with views.connect(found) as con:
        return list(edits.check(con, found, lock.read(folder)))


def _complains(report: Report, *wanted: str) -> None:
    for words in wanted:
        assert any(words in problem for problem in report.problems), report.problems


def _replace(folder: Path, clip_id: str, kind: str, content: bytes) -> None:
    """Put other content into a clip's member, and make shard, tables and checksums agree."""
    path = folder / HOLDS[clip_id]
    members = [(member.name, member.file.read()) for member in tar.members(path)]
    members = [(n, content if n == f"{clip_id}.{kind}" else held) for n, held in members]
    metadata = folder / layout.metadata(path.name.partition("-")[0])
    table = pq.read_table(metadata)
    rows = {row["clip_id"]: row for row in table.to_pylist()}
    digest = tar.sha256(io.BytesIO(content))
    rows[clip_id] |= {layout.column(kind, "sha256"): digest}
    rows[clip_id] |= {layout.column(kind, "bytes"): len(content)}
    with tar.Writer(path) as shard:
        for name, held in members:
            key, _, of = name.partition(".")
            if of == "json":
                stated = {c: v for c, v in rows[key].items() if c not in layout.EVERY_LOCATION}
                shard.add_bytes(name, shards.member(stated))
                continue
            place = shard.add_bytes(name, held)
            rows[key][layout.column(of, "offset")] = place.offset
            rows[key][layout.column(of, "size")] = place.size
        sha256 = shard.close()
    tables.write(pa.Table.from_pylist(list(rows.values()), table.schema), metadata)
    index = pq.read_table(folder / layout.SHARDS)
    told = [
        row | {"bytes": path.stat().st_size, "sha256": sha256}
        if row["shard"] == HOLDS[clip_id]
        else row
        for row in index.to_pylist()
    ]
    tables.write(pa.Table.from_pylist(told, index.schema), folder / layout.SHARDS)
    checksums.write(folder)


def _flac(samples: Any, tmp_path: Path) -> bytes:
    path = tmp_path / "made.flac"
    write_flac(path, np.asarray(samples, np.float32)[None], decode.RELEASE_RATE_HZ)
    return path.read_bytes()


def _sound(folder: Path, clip_id: str, kind: str, tmp_path: Path) -> Any:
    held = {one.name: one.file.read() for one in tar.members(folder / HOLDS[clip_id])}
    (tmp_path / "read.flac").write_bytes(held[f"{clip_id}.{kind}"])
    return decode.flac(tmp_path / "read.flac")


def _replayed(folder: Path, told: str) -> list[replay.Outcome]:
    """What comes of replaying the edits once one clip has other ones."""
    _change(folder, layout.metadata("train"), GATED, {"edit_transform": told})
    places = media.chosen(views.datasets(folder)["metadata"], 1)
    return list(replay.outcomes(folder, places))


def test_a_sound_release_replays_its_edits_exactly(edited: Path) -> None:
    report = verify(edited)
    assert report.problems == ()
    assert report.replayed == 2
    assert not [note for note in report.notes if "replayed" in note]
    assert _in_sql(edited) == []


@pytest.mark.parametrize(
    ("clip_id", "changed", "complaint"),
    [
        (GATED, {"clip_id": "v0_1000_2000"}, "has other attempts in `edits`"),
        (GATED, {"clip_id": "nobody"}, "nobody: is in `edits`, but no editor"),
        (MOVED, {"cycle": 1}, "not numbered from 1 on"),
        (GATED, {"transform": LOUDER}, "otherwise than its last accepted attempt"),
        (GATED, {"transform": None}, "otherwise than its last accepted attempt"),
        (GATED, {"accepted": False}, "otherwise than its last accepted attempt"),
        (NOT_BETTER, {"accepted": True}, "but an attempt at it was accepted"),
        (GATED, {"observation": "{"}, "that is not told in JSON"),
        (GATED, {"base": None}, "that is not told in JSON"),
    ],
)
def test_a_changed_attempt_is_found(
    spoilt: Path, clip_id: str, changed: dict[str, Any], complaint: str
) -> None:
    _change(spoilt, layout.EDITS, clip_id, changed)
    assert any(complaint in finding for finding in _in_sql(spoilt))


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"edit_result": "not_better"}, "says how, or from what"),
        ({"edit_result": "perfect"}, "has no known edit_result"),
        ({"edit_result": None}, "but no editor was asked for it"),
        ({"edit_transform": None}, "does not say how, or from"),
        ({"edit_transform": '{"edits":[]}'}, "does not say how"),
        ({"edit_transform": "["}, "does not say how"),
        ({"edit_transform": LOUDER}, "otherwise than its last accepted attempt"),
        ({"orig_flac_sha256": None}, "does not say how, or from"),
        ({"edit_attempts": 2}, "has other attempts in `edits`"),
    ],
)
def test_a_changed_row_of_an_edited_clip_is_found(
    spoilt: Path, changed: dict[str, Any], complaint: str
) -> None:
    _change(spoilt, layout.metadata("train"), GATED, changed)
    assert any(complaint in finding for finding in _in_sql(spoilt))


@pytest.mark.parametrize(
    ("path", "changed", "complaint"),
    [
        (layout.EDITS, {"alignment_after": 0.99}, "its table of edit_scores is not"),
        (layout.metadata("train"), {"edit_result": "not_better"}, "its table of edited is not"),
        (layout.metadata("train"), {"edit_transform": LOUDER}, "its table of edit_actions is not"),
        (layout.metadata("train"), {"orig_flac_offset": 512}, "is not where metadata says"),
        (layout.metadata("train"), {"orig_flac_offset": None}, "is not where metadata says"),
        (layout.metadata("train"), {"orig_flac_sha256": "0" * 64}, "its checksum differs"),
    ],
)
def test_other_files_disagree_with_a_changed_table(
    spoilt: Path, path: str, changed: dict[str, Any], complaint: str
) -> None:
    _change(spoilt, path, GATED, changed)
    _complains(verify(spoilt, decode_share=0), complaint)


def test_a_deleted_attempt_is_found(spoilt: Path) -> None:
    table = pq.read_table(spoilt / layout.EDITS)
    tables.write(table.slice(0, table.num_rows - 1), spoilt / layout.EDITS)
    checksums.write(spoilt)
    _complains(
        verify(spoilt, decode_share=0),
        "v6_0_1000: has other attempts in `edits` than `edit_attempts` counts",
        "v6_0_1000: is edited otherwise than its last accepted attempt",
    )


def test_a_deleted_table_of_edits_is_found(spoilt: Path) -> None:
    (spoilt / layout.EDITS).unlink()
    checksums.write(spoilt)
    _complains(
        verify(spoilt, decode_share=0),
        f"{layout.EDITS} is missing, but the recipe of {layout.LOCK} names editors",
        f"{layout.EDITS} is listed but missing",
    )


def test_edits_that_no_editor_made_are_found(spoilt: Path) -> None:
    locked = yaml.safe_load((spoilt / layout.LOCK).read_text())
    locked["recipe"]["editors"] = {}
    (spoilt / layout.LOCK).write_text(yaml.safe_dump(locked))
    checksums.write(spoilt)
    _complains(verify(spoilt, decode_share=0), "names no editor")
    (spoilt / layout.EDITS).unlink()
    checksums.write(spoilt)
    _complains(verify(spoilt, decode_share=0), "tells of an edit in a release without")


def test_originals_that_vanish_with_their_columns_are_found(spoilt: Path) -> None:
    for split in ("train", "validation", "test"):
        path = spoilt / layout.metadata(split)
        tables.write(pq.read_table(path).drop_columns(list(layout.ORIGINAL_LOCATION)), path)
    checksums.write(spoilt)
    _complains(
        verify(spoilt, decode_share=0),
        "metadata lacks orig_flac_offset, where originals are",
        f"holds {GATED}.orig.flac",
    )


def test_another_released_sound_is_found_though_all_checksums_agree(
    spoilt: Path, tmp_path: Path
) -> None:
    sound = _sound(spoilt, GATED, "flac", tmp_path)
    sound[800:810] += 0.01
    _replace(spoilt, GATED, "flac", _flac(sound, tmp_path))
    papers = ("croissant.json: ", "README.md: ")  # tell of sizes, so they differ too
    [found] = [told for told in verify(spoilt).problems if not told.startswith(papers)]
    assert found.startswith(f"{GATED}: edit_transform replayed on its original is up to 3")


def test_another_original_is_found_though_all_checksums_agree(spoilt: Path, tmp_path: Path) -> None:
    quieter = 0.5 * _sound(spoilt, MOVED, "orig.flac", tmp_path)
    _replace(spoilt, MOVED, "orig.flac", _flac(quieter, tmp_path))
    _complains(verify(spoilt), f"{MOVED}: edit_transform replayed on its original is up to")


def test_a_sound_that_is_cut_short_is_found(spoilt: Path, tmp_path: Path) -> None:
    sound = _sound(spoilt, GATED, "flac", tmp_path)[:-1]
    _replace(spoilt, GATED, "flac", _flac(sound, tmp_path))
    _complains(verify(spoilt), f"{GATED}: edit_transform gives a sound of another length")


def test_an_original_that_does_not_decode_is_found(spoilt: Path) -> None:
    _replace(spoilt, GATED, "orig.flac", b"no sound at all")
    _complains(
        verify(spoilt),
        f"the orig.flac of {GATED} does not decode",
        f"{GATED}: edit_transform cannot be replayed",
    )


def test_one_step_of_rounding_is_noted_and_no_failure(spoilt: Path, tmp_path: Path) -> None:
    sound = _sound(spoilt, GATED, "flac", tmp_path)
    sound[800:900] += 1 / 32768
    _replace(spoilt, GATED, "flac", _flac(sound, tmp_path))
    report = verify(spoilt)
    assert not [problem for problem in report.problems if "replayed" in problem]
    assert "1 of 2 edited clips replayed up to 1 step of 16 bits off" in report.notes


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("pywt", "wavelet needs pywt: pip install 'acav1m[agent]'"),
        ("python_stretch", "speed needs python_stretch: pip install 'acav1m[agent]'"),
    ],
)
def test_what_needs_a_package_that_is_missing_is_noted(
    edited: Path, name: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, name, None)
    report = verify(edited)
    assert report.problems == ()
    assert report.replayed == 1
    assert any(f"1 of 2 edited clips not replayed: {told}" in note for note in report.notes)


def test_another_version_of_an_action_is_noted(
    edited: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Volume, "version", 2)
    report = verify(edited)
    assert report.problems == ()
    [note] = [note for note in report.notes if "replayed" in note]
    assert note.endswith("volume was made by version 1, and this is 2")


@pytest.mark.parametrize(
    ("edits", "complaint"),
    [
        (["louder"], "edits.0: Input should be an object"),
        ([{"action": "shout", "parameters": {}, "version": 1}], "no action 'shout'"),
        ([VOLUME | {"parameters": {"target_lufs": 7}}], "volume.target_lufs: Input should be "),
        ([{"action": "volume", "parameters": {}}], "edits.0.version: Field required"),
        (None, "edits: Input should be a valid array"),
    ],
)
def test_an_edit_that_nobody_can_do_is_found(spoilt: Path, edits: object, complaint: str) -> None:
    found = _replayed(spoilt, json.dumps({"edits": edits}))
    [problem] = replay.problems(found)
    assert problem.startswith(f"{GATED}: edit_transform cannot be replayed: {complaint}")
    assert not replay.notes(found)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (json.dumps({"edits": [VOLUME] * 41}), "edit_transform has more than 40 edits"),
        ("[" * 50_000, "edit_transform is longer than 40000 letters"),
    ],
)
def test_edits_without_end_are_not_replayed(spoilt: Path, told: str, why: str) -> None:
    found = _replayed(spoilt, told)
    assert replay.notes(found) == [f"1 of 2 edited clips not replayed: {why}"]
    assert not replay.problems(found)


def test_the_longest_loop_can_be_replayed() -> None:
    most = 20
    assert Settings(max_cycles=most).max_cycles * 2 == replay.MAX_EDITS
    with pytest.raises(ValueError, match="max_cycles"):
        Settings(max_cycles=most + 1)
    longest = max((actions.load(name)() for name in actions.names()), key=lambda a: len(str(a)))
    told = Transform.of(*[longest] * replay.MAX_EDITS).model_dump_json()
    assert len(told) < replay.MAX_CHARACTERS / 2


def test_without_originals_it_is_noted_that_nothing_was_replayed(
    without_originals: Content, tmp_path: Path
) -> None:
    write(without_originals, tmp_path / "out")
    report = verify(tmp_path / "out")
    assert report.problems == ()
    assert report.replayed == 0
    missing = "the release does not hold their sound before editing"
    assert f"2 of 2 edited clips not replayed: {missing}" in report.notes


@pytest.mark.parametrize("left", [b"", b"\xff\xfe nonsense \n", None])
def test_a_spoilt_table_of_edits_is_a_finding_and_not_a_crash(
    spoilt: Path, left: bytes | None
) -> None:
    whole = (spoilt / layout.EDITS).read_bytes()
    (spoilt / layout.EDITS).write_bytes(whole[: len(whole) // 2] if left is None else left)
    checksums.write(spoilt)
    assert verify(spoilt, decode_share=0).problems


@pytest.mark.parametrize("column", ["clip_id", "cycle", "accepted", "transform", "alignment_after"])
def test_a_table_of_edits_without_a_column_is_a_finding_and_not_a_crash(
    spoilt: Path, column: str
) -> None:
    path = spoilt / layout.EDITS
    tables.write(pq.read_table(path).drop_columns([column]), path)
    checksums.write(spoilt)
    assert verify(spoilt).problems
