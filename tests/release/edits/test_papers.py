"""What people are told of edits: in card and datasheet, by `why`, and by SQL."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from acav1m import summary
from acav1m.errors import ReleaseError
from acav1m.release import card, checksums, datasheet, layout, retelling, tables
from acav1m.release import edited as edited_tables
from acav1m.release.inspect import query, why
from acav1m.release.write import Content, write

GATED, MOVED, HIGH = "v2_1000_2000", "v4_0_1000", "v0_0_1000"
NO_ACTION, NOT_BETTER = "v0_1000_2000", "v1_0_1000"

RESULTS = """| result | clips | released | attempts |
|---|---|---|---|
| edited | 3 | 2 | 4 |
| not_needed | 5 | 5 | 0 |
| no_action | 1 | 1 | 1 |
| not_better | 1 | 1 | 1 |
| failed | 1 | 1 | 0 |
"""
ACTIONS = """| action | clips | uses |
|---|---|---|
| spectral_gating | 1 | 1 |
| speed | 1 | 1 |
| volume | 1 | 1 |
| wavelet | 1 | 1 |
"""
SCORES = """| score | clips | median before | median after |
|---|---|---|---|
| alignment | 2 | 0.5 | 0.85 |
| temporal | 1 | 0.25 | 0.9 |
| soundness | 2 | 0.125 | 0.85 |
"""


@pytest.fixture
def bare(without_originals: Content, tmp_path: Path) -> Path:
    """A release without originals."""
    write(without_originals, tmp_path / "bare")
    return tmp_path / "bare"


def _text(folder: Path, name: str = layout.README) -> str:
    return (folder / name).read_text(encoding="utf-8")


def test_card_counts_results_actions_and_scores(edited: Path) -> None:
    text = _text(edited)
    assert all(table in text for table in (RESULTS, ACTIONS, SCORES))
    assert "the flac and in the mp4 alike: 2." in text
    assert "- editors: avagent\n" in text


def test_attempts_at_copies_of_a_clip_count_once() -> None:
    rows = [("a", "edited", 3), ("a", "edited", 3), ("b", "edited", 1), ("c", "failed", None)]
    with duckdb.connect() as con:
        con.execute(
            "create table clips (clip_id text, edit_result text, edit_attempts int, state text)"
        )
        con.executemany("insert into clips values (?, ?, ?, 'kept')", rows)
        found = con.execute(edited_tables.QUERIES["edited"]).fetchall()
    assert found == [("edited", 3, 3, 4), ("failed", 1, 1, 0)]


def test_card_declares_the_original_as_it_does_the_flac(edited: Path) -> None:
    [info] = card.read_front_matter(_text(edited))["dataset_info"]
    features = {feature["name"]: feature for feature in info["features"]}
    assert list(features) == ["__key__", "flac", "json", "mp4", "orig.flac"]
    assert features["orig.flac"]["dtype"] == features["flac"]["dtype"] == "binary"


def test_card_says_where_the_sound_before_is(edited: Path, bare: Path) -> None:
    assert "The sound before is `<clip_id>.orig.flac`" in _text(edited)
    assert "the last 7 are in the metadata tables only" in _text(edited)
    assert "orig.flac" not in _text(bare)
    assert "the same recipe without `editors` makes it" in _text(bare)
    assert "the last 5 are in the metadata tables only" in _text(bare)


def test_datasheet_tells_of_edits_originals_and_misuse(edited: Path, bare: Path) -> None:
    text = _text(edited, "DATASHEET.md")
    assert RESULTS in text
    assert ACTIONS in text
    assert "Edited sound can mislead" in text
    assert "is beside each as `<clip_id>.orig.flac`" in text
    assert "the recipe without `editors` makes it" in _text(bare, "DATASHEET.md")


def test_no_question_that_only_people_can_answer_is_closed_by_edits(
    edited: Path, release: Path
) -> None:
    opened = [_text(folder, "DATASHEET.md").count("\n*Open.*\n") for folder in (release, edited)]
    assert opened[0] - opened[1] == 1  # whether the raw data was kept
    assert set(datasheet.ids()) >= {"raw_data", "uses_comments"}


def test_croissant_lists_attempts_and_originals(edited: Path) -> None:
    about = json.loads(_text(edited, layout.CROISSANT))
    sets = {records["@id"]: records for records in about["recordSet"]}
    fields = [field["name"] for field in sets["edits"]["field"]]
    assert fields == pq.read_schema(edited / layout.EDITS).names
    assert all(field["description"] for field in sets["edits"]["field"])
    assert "orig_flac_offset" in [field["name"] for field in sets["clips"]["field"]]
    [files] = [f for f in about["distribution"] if f["@id"] == "preview-orig-flac"]
    assert files["includes"] == "*.orig.flac"
    assert "The sound of 2 released clips was edited" in about["rai:dataLimitations"]
    assert about["rai:hasSyntheticData"] is True


def test_why_tells_the_edits_cycle_by_cycle(edited: Path) -> None:
    told = summary.told(why(edited, MOVED)).splitlines()
    assert told[1:9] == [
        "  edited: so it is with edited",
        "    cycle 1, planner rules: wavelet(strength=1.5, floor_db=-30),"
        " because hiss in v4_0_1000",
        "      alignment 0.5 -> 0.7, temporal null -> null, soundness 0.125 -> 0.7",
        "      accepted",
        "    cycle 2, planner rules: wavelet(strength=1.5, floor_db=-30),"
        " speed(factor=1.05, start_s=0.1), because hiss in v4_0_1000",
        "      alignment 0.5 -> 0.8, temporal null -> null, soundness 0.125 -> 0.8",
        "      accepted",
        "    from the original to this sound: wavelet(strength=1.5, floor_db=-30),"
        " speed(factor=1.05, start_s=0.1)",
    ]
    assert "  orig_flac_offset: " in summary.told(why(edited, MOVED))


def test_why_tells_no_scores_of_a_sound_that_was_refused_before(edited: Path) -> None:
    [attempt] = why(edited, NOT_BETTER).attempts
    refused = attempt | dict.fromkeys(f"{score}_after" for score in retelling.SCORES)
    told = list(retelling.lines(why(edited, NOT_BETTER).edit, [refused | {"outcome": "refused"}]))
    assert told[-1] == "    refused"
    assert "alignment" not in " ".join(told)


def test_why_of_a_clip_that_was_left_as_it_is(edited: Path) -> None:
    story = why(edited, NO_ACTION)
    assert [attempt["cause"] for attempt in story.attempts] == ["the server is dead"]
    told = summary.told(story)
    assert "  not edited, no_action: so it is with no_action\n" in told
    assert "    cycle 1, planner rules: no plan: the server is dead\n" in told
    assert "orig_flac" not in told


def test_why_of_a_copy_does_not_tell_of_the_other_ones_edits(edited: Path) -> None:
    first = why(edited, HIGH)
    [copy] = first.others
    assert first.edit is not None
    assert first.edit["edit_result"] == "not_needed"
    assert (copy.state, copy.edit, copy.attempts) == ("rejected", None, ())


def test_why_as_json_has_the_attempts(edited: Path) -> None:
    found = why(edited, "v6_0_1000").as_dict()
    assert found["state"] == "rejected"
    assert found["edit"]["edit_result"] == "edited"
    [attempt] = found["attempts"]
    assert json.loads(attempt["plan"])["coordination"]["action"] == "volume"


def test_why_survives_a_transform_that_is_none(spoilt: Path) -> None:
    path = spoilt / layout.EDITS
    rows = pq.read_table(path)
    at = rows.schema.get_field_index("transform")
    tables.write(rows.set_column(at, "transform", [["louder!"] * rows.num_rows]), path)
    checksums.write(spoilt)
    assert "planner rules: louder!, because hiss" in summary.told(why(spoilt, GATED))


def test_query_joins_clips_with_their_attempts(edited: Path, release: Path) -> None:
    sql = "select count(*) as n from clips join edits using (clip_id) where state = 'rejected'"
    assert query(edited, sql).to_pylist() == [{"n": 1}]
    with pytest.raises(ReleaseError, match="no column 'transfor'; did you mean 'transform'"):
        query(edited, "select transfor from edits")
    with pytest.raises(ReleaseError, match="edits does not exist"):
        query(release, "from edits")
