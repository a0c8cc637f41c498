"""Whose sound is moved, and which moved clips are taken: decided from columns alone."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from acav1m import plan, table
from acav1m.errors import RecipeError
from acav1m.plan import Plan
from acav1m.realign import settled, untouched, wanted

LATE: dict[str, Any] = {
    "duration_s": 5.0,
    "sync_offset_s": 0.52,
    "sync_confidence": 0.95,
    "sync_events": 4,
}
IN_STEP = LATE | {"duration_s": 4.48, "sync_offset_s": 0.0}


def made(filters: dict[str, Any] | None = None, **more: Any) -> Plan:
    return plan.resolve(
        {
            "name": "t",
            "version": "1.0.0",
            "about": "A test.",
            "license": "CC0-1.0",
            "sources": {"files": {"path": "."}},
            "cut": {"min_s": 2},
            "aligners": {"temporal": {}},
            "filters": filters or {"out_of_sync": {"on_fail": "realign"}},
        }
        | more
    )


PLAN = made()


def rows(*rows: dict[str, Any], plan: Plan = PLAN) -> pa.Table:
    columns = {"key": str, "candidate": str, "media": str} | plan.columns() | table.ERROR_COLUMNS
    full = [dict.fromkeys(columns) | {"key": f"k{at}"} | row for at, row in enumerate(rows)]
    schema = table.schema({c: t for c, t in columns.items() if c not in table.MENDING_COLUMNS})
    return untouched(pa.Table.from_pylist(full, schema=schema))


def is_tried(plan: Plan = PLAN, **columns: Any) -> bool:
    return wanted(rows(LATE | columns, plan=plan), plan).num_rows > 0


def test_a_late_clip_is_tried_under_a_key_of_its_own() -> None:
    [row] = wanted(rows(LATE), PLAN).to_pylist()
    assert row["sound_late_s"] == 0.52
    [early] = wanted(rows(LATE | {"sync_offset_s": -0.5}), PLAN).to_pylist()
    assert early["sound_late_s"] == -0.5
    assert len({"k0", row["moved_key"], early["moved_key"]}) == 3


@pytest.mark.parametrize(
    "columns",
    [
        {"sync_offset_s": 0.1},  # the filter is content
        {"sync_confidence": 0.89},
        {"sync_confidence": None, "sync_offset_s": None},
        {"sync_events": 0},
        {"sync_events": None},
        {"error_kind": "timeout"},
    ],
)
def test_what_is_not_sure_is_left_alone(columns: dict[str, Any]) -> None:
    assert is_tried()
    strict = made({"out_of_sync": {"on_fail": "realign", "unproved": "drop"}})
    assert is_tried(strict)
    assert not is_tried(**columns)
    assert "sync_offset_s" in columns or not is_tried(strict, **columns)


def test_a_silent_clip_is_left_alone() -> None:
    silent = made(measures={"silent_share": {}})
    assert is_tried(silent, silent_share=0.5)
    assert not is_tried(silent, silent_share=1.0)


def test_nobody_asks_nobody_is_tried() -> None:
    for on_fail in ("reject", "flag"):
        assert not is_tried(made({"out_of_sync": {"on_fail": on_fail}}))


def test_the_recipe_says_how_sure() -> None:
    assert is_tried(made(realign={"min_confidence": 0.3}), sync_confidence=0.8)
    assert not is_tried(made(realign={"min_confidence": 0.96}))


def result(row: dict[str, Any], moved: dict[str, Any] | None, plan: Plan = PLAN) -> dict[str, Any]:
    found = rows(row, plan=plan)
    [asked] = wanted(found, plan).to_pylist()
    tried = [moved | {"key": asked["moved_key"]}] if moved else []
    [ended] = settled(found, rows(*tried, plan=plan), plan).to_pylist()
    return ended


def test_a_clip_in_step_takes_the_place_of_the_late_one() -> None:
    row = result(LATE | {"clip_id": "c"}, IN_STEP | {"clip_id": "c", "mp4_sha256": "new"})
    assert row["key"] == "k0"
    assert row["mp4_sha256"] == "new"
    assert row["duration_s"] == 4.48
    assert row["sync_offset_s"] == 0.0
    told = {column: row[column] for column in table.REALIGN_COLUMNS}
    assert told == {
        "audio_shift_s": -0.52,
        "realign_outcome": "realigned",
        "realign_offset_s": 0.52,
        "realign_reason": None,
    }


@pytest.mark.parametrize(
    ("moved", "outcome", "reason"),
    [
        ({"sync_offset_s": 0.4}, "not_better", "out_of_sync would still object"),
        ({"sync_offset_s": 0.12}, "not_better", "its sync_offset_s would be 0.120"),
        ({"sync_confidence": 0.4}, "not_better", "its sync_confidence would be 0.40"),
        ({"sync_confidence": None}, "not_better", "its sync_confidence would be 0.00"),
        ({"error_kind": "timeout", "error_message": "too slow"}, "failed", "too slow"),
    ],
)
def test_what_is_no_better_is_not_taken(moved: dict[str, Any], outcome: str, reason: str) -> None:
    row = result(LATE, IN_STEP | moved)
    assert (row["realign_outcome"], row["realign_reason"]) == (outcome, reason)
    assert (row["audio_shift_s"], row["realign_offset_s"]) == (0.0, 0.52)
    assert {column: row[column] for column in LATE} == LATE
    assert row["error_kind"] is None


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (0.7, 0.7, None),
        (0.7, 0.6, "its temporal_score would fall from 0.700 to 0.600"),
        (None, 0.6, None),
    ],
)
def test_a_clip_must_not_score_less_over_time(
    before: float | None, after: float, reason: str | None
) -> None:
    row = result(LATE | {"temporal_score": before}, IN_STEP | {"temporal_score": after})
    assert row["realign_reason"] == reason


def test_raw_scores_are_compared_where_there_are_no_others() -> None:
    scores = [{"temporal_score_raw": x} for x in (0.3, 0.2)]
    assert result(LATE | scores[1], IN_STEP | scores[0])["audio_shift_s"] == -0.52
    assert result(LATE | scores[0], IN_STEP | scores[1])["audio_shift_s"] == 0.0


def test_a_clip_that_would_be_too_short_is_not_cut() -> None:
    row = result(LATE | {"duration_s": 2.5}, None)
    assert (row["realign_outcome"], row["realign_reason"]) == ("too_short", "1.98 s would be left")
    assert row["audio_shift_s"] == 0.0


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (
            {"sync_confidence": 0.8999},
            "its offset is not sure: sync_confidence is 0.899, under 0.9",
        ),
        ({"sync_confidence": None, "sync_offset_s": None}, "its offset is unknown"),
        ({"sync_events": 0}, "no onset is heard in it"),
        ({"sync_events": None}, "no onset is heard in it"),
        ({"silent_share": 1.0, "sync_events": 0}, "it is silent"),
        ({"sync_drift": -0.08}, "its sound drifts by 0.40 s from end to end"),
        ({"sync_offset_s": 0.0}, "its sound is in step"),
    ],
)
def test_a_clip_that_a_filter_asks_for_in_vain_says_why(
    columns: dict[str, Any], reason: str
) -> None:
    asked = made(
        {"where": {"keep_if": "false", "on_fail": "realign"}}, measures={"silent_share": {}}
    )
    late = LATE | {"silent_share": 0.1}
    assert is_tried(asked, **late)
    assert not is_tried(asked, **late | columns)
    found = rows(late | columns, plan=asked)
    [told] = settled(found, rows(plan=asked), asked).to_pylist()
    changed = {"realign_outcome": "not_tried", "realign_reason": reason}
    assert told == found.to_pylist()[0] | changed


def test_clips_that_no_filter_asks_for_are_left_as_they_are() -> None:
    found = rows(IN_STEP, {"error_kind": "bug"})
    told = settled(found, rows(), PLAN).sort_by("key").to_pylist()
    assert told == found.to_pylist()
    assert told[0]["audio_shift_s"] == 0.0
    assert told[0]["realign_outcome"] is None


def test_a_rule_that_some_row_breaks_is_named() -> None:
    broken = made({"where": {"keep_if": "source_uri::int > audio_shift_s", "on_fail": "realign"}})
    with pytest.raises(RecipeError, match=r"^filters\.where: Conversion Error"):
        wanted(rows(LATE | {"source_uri": "x"}, plan=broken), broken)


def test_asking_needs_the_columns_of_sync() -> None:
    with pytest.raises(RecipeError) as refusal:
        made({"too_short": {"on_fail": "realign"}}, aligners={})
    assert len(refusal.value.complaints) == 1
    assert "filters.too_short: on_fail: realign needs 'sync_offset_s'" in str(refusal.value)
