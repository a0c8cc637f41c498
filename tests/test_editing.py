"""Who is given to the editor, and what takes its place: decided from columns alone."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from acav1m import plan, table
from acav1m.calibration.map import Calibration
from acav1m.editing import key, looking, scales, settled, wanted
from acav1m.errors import RecipeError
from acav1m.plan import Plan
from acav1m.realign import untouched
from acav1m.stages import edit

LOW: dict[str, Any] = {"temporal_score": 0.2, "instance_score": 0.9, "duration_s": 5.0}
MAPS = {"temporal_score": Calibration(2.0, -1.0), "instance_score": Calibration(1.0, 0.0)}


def made(only_if: str = "temporal_score < 0.5", avagent: Any = None, **more: Any) -> Plan:
    return plan.resolve(
        {
            "name": "t",
            "version": "1.0.0",
            "about": "A test.",
            "license": "CC0-1.0",
            "sources": {"files": {"path": "."}},
            "measures": {"loudness": {}, "motion": {}},
            "captioners": {"embedded": {}},
            "aligners": {"language": {}, "instance": {}, "temporal": {}},
            "editors": {"avagent": {"only_if": only_if} | (avagent or {})},
        }
        | more
    )


PLAN = made()


def rows(*rows: dict[str, Any]) -> pa.Table:
    columns = {"key": str, "candidate": str, "media": str} | PLAN.columns() | table.ERROR_COLUMNS
    full = [dict.fromkeys(columns) | {"key": f"k{at}"} | row for at, row in enumerate(rows)]
    schema = table.schema({c: t for c, t in columns.items() if c not in table.MENDING_COLUMNS})
    return untouched(pa.Table.from_pylist(full, schema=schema))


def moved(found: pa.Table, **columns: Any) -> pa.Table:
    """The clips as the realign stage leaves them."""
    for name, value in columns.items():
        at = found.column_names.index(name)
        field = found.schema.field(name)
        found = found.set_column(at, field, pa.array([value] * found.num_rows, field.type))
    return found


def edits(*told: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(told), schema=edit.SCHEMA)


def asked_keys(found: pa.Table, plan: Plan = PLAN) -> dict[str, str]:
    asked = wanted(found, plan, "abc").select(["key", "_edited_key"]).to_pylist()
    return {row["key"]: row["_edited_key"] for row in asked}


def test_the_condition_says_who_is_given() -> None:
    found = rows(LOW, LOW | {"temporal_score": 0.9}, LOW | {"temporal_score": None})

    assert asked_keys(found) == {"k0": "k0+0ms-eabc"}
    assert asked_keys(found, made("true")).keys() == {"k0", "k1", "k2"}


def test_a_clip_that_failed_is_not_given() -> None:
    assert asked_keys(rows(LOW | {"error_kind": "crash"}), made("true")) == {}


def test_moved_sound_is_edited_apart_from_what_it_was() -> None:
    assert asked_keys(moved(rows(LOW), audio_shift_s=-0.52)) == {"k0": "k0-520ms-eabc"}


def test_a_rule_that_some_row_breaks_is_named() -> None:
    broken = made("clip_id::int > 3")
    with pytest.raises(RecipeError, match=r"editors\.avagent: only_if: .*try_cast gives null"):
        wanted(rows(LOW | {"clip_id": "x"}), broken, "abc")


def test_an_edited_clip_takes_the_place_of_the_original() -> None:
    told = {"realign_outcome": "realigned", "realign_offset_s": 0.52, "audio_shift_s": -0.52}
    found = moved(rows(LOW | {"clip_id": "c", "flac_sha256": "old"}), **told)
    asked = wanted(found, PLAN, "abc")
    done = {"key": "k0-520ms-eabc", "edit_result": "edited", "edit_reason": "better"}
    done |= {"edit_attempts": 2, "edit_transform": "{}", "media": "new"}
    done |= {"orig_flac_sha256": "old", "orig_flac_bytes": 7}
    again = LOW | {"key": "k0-520ms-eabc", "temporal_score": 0.9, "flac_sha256": "new"}
    [row] = settled(found, asked, edits(done), rows(again | {"media": "new"})).to_pylist()

    assert (row["key"], row["temporal_score"], row["media"]) == ("k0", 0.9, "new")
    assert {column: row[column] for column in table.MENDING_COLUMNS} == told | {
        "realign_reason": None,
        "edit_result": "edited",
        "edit_reason": "better",
        "edit_transform": "{}",
        "edit_attempts": 2,
        "orig_flac_sha256": "old",
        "orig_flac_bytes": 7,
    }


@pytest.mark.parametrize(
    ("done", "again", "result", "reason"),
    [
        ({"edit_result": "not_better", "edit_reason": "no"}, None, "not_better", "no"),
        (
            {"edit_result": "failed", "edit_reason": "bug: x", "error_kind": "bug"},
            *(None, "failed", "bug: x"),
        ),
        (
            {"edit_result": "edited", "edit_reason": "better", "edit_transform": "{}"},
            {"error_kind": "crash", "error_message": "the decoder crashed"},
            *("failed", "its edited sound: the decoder crashed"),
        ),
    ],
)
def test_a_clip_that_is_not_edited_stays_and_says_why(
    done: dict[str, Any], again: dict[str, Any] | None, result: str, reason: str
) -> None:
    found = rows(LOW | {"media": "old"})
    asked = wanted(found, PLAN, "abc")
    new = rows(*([LOW | {"key": "k0+0ms-eabc"} | again] if again else []))
    [row] = settled(found, asked, edits({"key": "k0+0ms-eabc"} | done), new).to_pylist()

    assert (row["key"], row["media"], row["temporal_score"]) == ("k0", "old", 0.2)
    assert (row["error_kind"], row["error_message"]) == (None, None)
    assert (row["edit_result"], row["edit_reason"]) == (result, reason)
    assert (row["edit_transform"], row["orig_flac_sha256"]) == (None, None)


def test_a_clip_that_nobody_asked_for_says_nothing() -> None:
    found = rows(LOW | {"temporal_score": 0.9})
    [row] = settled(found, wanted(found, PLAN, "abc"), edits(), rows()).to_pylist()

    assert [row[column] for column in table.EDIT_COLUMNS] == [None] * len(table.EDIT_COLUMNS)


def test_only_steps_that_the_editor_goes_by_look_at_its_sounds() -> None:
    assert set(looking(PLAN)) == {"captioners.embedded", "aligners.instance", "aligners.temporal"}
    assert scales(PLAN, MAPS).keys() == {"temporal_score", "instance_score"}


@pytest.mark.parametrize(
    ("other", "maps", "is_new"),
    [
        (made("true"), MAPS, False),
        (made(filters={"silence": {}}, measures={"silent_share": {}}), MAPS, False),
        (made(avagent={"max_cycles": 2}), MAPS, True),
        (made(avagent={"planner": {"rules": {"min_confidence": 0.9}}}), MAPS, True),
        (made(captioners={"embedded": {"min_confidence": 0.9}}), MAPS, True),
        (made(cut={"audio_kbps": 64}), MAPS, True),
        (made(), MAPS | {"temporal_score": Calibration(2.0, -1.5)}, True),
        (made(), MAPS | {"language_score": Calibration(2.0, -1.5)}, False),
    ],
)
def test_edits_are_done_again_when_what_they_depend_on_changes(
    other: Plan, maps: Any, is_new: bool
) -> None:
    assert (key(other, maps) != key(PLAN, MAPS)) == is_new


def test_what_a_step_reads_of_the_source_is_part_of_the_key(tmp_path: Any) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("path,source_caption\na.mp4,a dog\n")
    more = {"sources": {"files": {"path": str(listed)}}}
    about = made(
        avagent={"alignment": "language_score"},
        aligners={"language": {"against": "source_caption"}, "temporal": {}},
        **more,
    )
    one, other = (
        rows(LOW).append_column("source_caption", pa.array([said])) for said in ("a dog", "a cat")
    )

    assert asked_keys(one, about) != asked_keys(other, about)
    assert asked_keys(one, made(**more)) == asked_keys(other, made(**more))
