"""Every clip gets one state, with all its reasons, from columns alone."""

from __future__ import annotations

import pyarrow as pa
import pytest

from acav1m import plan, table
from acav1m.errors import RecipeError
from acav1m.realign import untouched
from acav1m.select import select
from acav1m.steps import Filter

RECIPE = {
    "name": "t",
    "version": "1.0.0",
    "about": "A test.",
    "license": "CC0-1.0",
    "sources": {"files": {"path": "."}},
}


def made(filters=None, selectors=None, **more):
    return plan.resolve(RECIPE | {"filters": filters or {}, "selectors": selectors or {}} | more)


def found(*rows: dict) -> pa.Table:
    columns = (
        {"key": str, "candidate": str, "media": str}
        | table.CUT_COLUMNS
        | table.LISTED_COLUMNS
        | table.ERROR_COLUMNS
    )
    full = [
        {
            **dict.fromkeys(columns),
            "key": f"k{at}",
            "clip_id": f"c{at}",
            "video_id": f"v{at}",
            "source_uri": f"u{at}",
            "duration_s": 5.0,
            "decode_errors": 0,
            **row,
        }
        for at, row in enumerate(rows)
    ]
    return untouched(pa.Table.from_pylist(full, schema=table.schema(columns)))


def by_key(ledger: pa.Table) -> dict[str, dict]:
    return {row["key"]: row for row in ledger.to_pylist()}


def where(keep_if: str, **more) -> dict:
    return {"where": {"keep_if": keep_if} | more}


def test_all_filters_are_named_not_only_the_first():
    rows = by_key(
        select(
            found({"duration_s": 1.0, "decode_errors": 9}, {}),
            made({"too_short": {"min_s": 3}, "corrupt": {}}),
        )
    )

    assert rows["k0"]["state"] == "rejected"
    assert rows["k0"]["rejected_by"] == ["too_short", "corrupt"]
    assert rows["k1"]["state"] == "kept"
    assert rows["k1"]["rejected_by"] == []


def test_null_is_not_kept():
    rows = by_key(select(found({"source_fps": None}), made(where("source_fps > 10"))))

    assert rows["k0"]["state"] == "rejected"


def test_a_cast_that_fails_on_some_row_is_the_recipes_fault():
    with pytest.raises(RecipeError, match=r"where: .*not convert string .u0.*try_cast"):
        select(found({}), made(where("source_uri::int > 3")))


@pytest.mark.parametrize(
    "keep_if",
    [
        "regexp_matches(source_uri, source_uri || '[')",
        "strptime(source_uri, '%Y') is null",
        "error(source_uri) is null",
    ],
)
def test_a_rule_that_some_row_breaks_is_named_among_others(keep_if):
    filters = {"too_short": {}, **where(keep_if), "corrupt": {}}

    with pytest.raises(RecipeError) as refusal:
        select(found({}), made(filters))

    [complaint] = refusal.value.complaints
    assert complaint.startswith("filters.where: ")
    assert "\n" not in complaint


def test_a_selector_that_some_row_breaks_is_named(monkeypatch):
    recipe = made(selectors={"per_video": {}})
    monkeypatch.setattr(
        type(recipe.selectors["per_video"]), "keep", lambda self: "source_uri::int > 3"
    )

    with pytest.raises(RecipeError, match=r"^selectors\.per_video: Conversion Error"):
        select(found({}), recipe)


def test_a_selector_that_names_no_order_takes_the_order_of_content(monkeypatch):
    recipe = made(selectors={"per_video": {}})
    monkeypatch.setattr(
        type(recipe.selectors["per_video"]), "keep", lambda self: "row_number() over () <= 2"
    )
    rows = [{"key": f"k{at}", "clip_id": f"c{at}"} for at in range(6)]

    for order in (rows, rows[::-1], rows[3:] + rows[:3]):
        ledger = by_key(select(found(*order), recipe))
        assert [key for key, row in ledger.items() if row["state"] == "kept"] == ["k0", "k1"]


def test_a_rule_may_name_the_table_wherever_it_runs():
    rows = by_key(select(found({}, {"duration_s": 1.0}), made(where("clips.duration_s > 3"))))

    assert (rows["k0"]["state"], rows["k1"]["state"]) == ("kept", "rejected")


def test_a_remark_in_a_rule_ends_with_it():
    rows = by_key(select(found({}), made(where("duration_s > 9 -- long ones"))))

    assert rows["k0"]["rejected_by"] == ["where"]


def test_a_filter_may_not_look_at_other_clips():
    with pytest.raises(RecipeError, match="only a selector may"):
        made(where("row_number() over () < 3"))


def test_a_flag_marks_and_keeps():
    ledger = select(found({"source_fps": 5.0}), made(where("source_fps > 10", on_fail="flag")))
    [row] = ledger.to_pylist()

    assert (row["state"], row["flags"], row["rejected_by"]) == ("flagged", ["where"], [])
    assert row["split"] in ("train", "validation", "test")


def test_a_failed_clip_is_neither_judged_nor_split():
    [row] = select(
        found({"error_kind": "truncated", "error_stage": "download", "duration_s": None}),
        made({"too_short": {}}),
    ).to_pylist()

    assert (row["state"], row["rejected_by"], row["flags"], row["split"]) == (
        "failed",
        [],
        [],
        None,
    )


def test_the_same_bytes_twice_are_one_clip_and_a_named_duplicate():
    rows = by_key(
        select(
            found(
                {"clip_id": "same", "source_uri": "b.mp4"},
                {"clip_id": "same", "source_uri": "a.mp4"},
            ),
            made(),
        )
    )

    assert rows["k1"]["state"] == "kept"
    assert rows["k0"]["state"] == "rejected"
    assert rows["k0"]["rejected_by"] == ["duplicate"]
    assert rows["k0"]["duplicate_of"] == "same"


def test_a_failed_copy_does_not_take_the_place_of_a_sound_one():
    rows = by_key(
        select(
            found(
                {"clip_id": "same", "source_uri": "a.mp4", "error_kind": "timeout"},
                {"clip_id": "same", "source_uri": "b.mp4"},
            ),
            made(),
        )
    )

    assert (rows["k0"]["state"], rows["k1"]["state"]) == ("failed", "kept")


def test_selectors_see_only_what_filters_passed():
    ledger = select(
        found(*({"duration_s": 1.0 if at < 3 else 5.0} for at in range(8))),
        made({"too_short": {"min_s": 3}}, {"budget": {"clips": 4}}),
    )
    states = [row["state"] for row in ledger.to_pylist()]

    assert states.count("kept") == 4
    assert sum(row["rejected_by"] == ["too_short"] for row in ledger.to_pylist()) == 3
    assert sum(row["rejected_by"] == ["budget"] for row in ledger.to_pylist()) == 1


def test_clips_of_one_video_share_a_split():
    rows = found(*({"video_id": f"video{at // 10}"} for at in range(400)))
    ledger = select(rows, made()).to_pylist()

    splits = {row["video_id"]: set() for row in ledger}
    for row in ledger:
        splits[row["video_id"]].add(row["split"])
    assert all(len(found) == 1 for found in splits.values())
    assert set().union(*splits.values()) == {"train", "validation", "test"}


def test_split_shares_hold_over_many_videos():
    rows = found(*({} for _ in range(3000)))
    ledger = select(rows, made(release={"splits": {"train": 0.5, "validation": 0.5, "test": 0}}))
    splits = ledger["split"].to_pylist()

    assert splits.count("train") == pytest.approx(1500, abs=120)
    assert "test" not in splits


def test_order_is_of_content_not_of_arrival():
    rows = [{"clip_id": f"c{9 - at}"} for at in range(10)]
    ledger = select(found(*rows), made())

    assert ledger["clip_id"].to_pylist() == sorted(row["clip_id"] for row in rows)


def test_states_add_up_whatever_the_columns_hold():
    from acav1m.report import Report

    ledger = select(
        found({}, {"duration_s": 0.5}, {"error_kind": "bug", "error_message": "x"}, {}),
        made({"too_short": {"on_fail": "flag"}}),
    )
    report = Report("t", "1.0.0", None)
    report.count(ledger)

    assert (report.kept, report.flagged, report.rejected, report.failed) == (2, 1, 0, 1)
    assert report.bugs == ["x"]


def test_on_fail_is_an_option_of_every_filter():
    assert Filter.model_fields["on_fail"].default == "reject"
