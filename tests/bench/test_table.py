"""Cells of the table."""

import pytest

from acav1m.bench import markdown, table

TOLD = {
    "clips": 8,
    "score": "temporal_score_raw",
    "auc": 0.9871,
    "auc_95": [0.91, 1.0],
    "recall_at_5fpr": 0.75,
    "rejected_share": 1.0,
    "false_rejected_share": 0.125,
    "offset_error_ms": 31.4,
    "offset_error_confident_ms": 20.0,
    "confident_share": 0.5,
    "realigned_within_80ms": 1.0,
    "moved_share": 0.6,
    "made_worse": 0.0,
}
CLEAN = {"clips": 9, "rejected_share": 0.0625, "moved_share": 0.1, "made_worse": 0.05}


def figures(*backends):
    named = {name: {"defects": {"shifted": {"1s": one}}} for name, one in backends}
    first = {**backends[0][1], "left_out": {"clips": 2, "reason": "too short"}}
    return {
        "source": "recorded",
        "clips": 8,
        "seed": 3,
        "min_confidence": 0.8,
        "recipe": "mine 1.0.0",
        "refused": [{"clip": "a.mp4", "reason": "is empty"}],
        "defects": {"shifted": {"1s": first}},
        "backends": {
            name: {**one, "clean": CLEAN, "filters_left_out": {}} for name, one in named.items()
        },
    }


def cells(*backends):
    [_, row] = table.rows(figures(*backends))
    return dict(zip(table.heading(), row, strict=True))


def test_every_figure_has_its_unit():
    assert cells(("a", TOLD)) == {
        "defect": "shifted",
        "strength": "1s",
        "clips": "8",
        "score": "temporal_score",
        "AUC (95 %)": "0.987 (0.91 to 1.00)",
        "recall at 5 %": "75 %",
        "rejected": "100 %",
        "of clean": "12 %",
        "offset error": "31 ms",
        "where sure": "20 ms (50 %)",
        "in step then": "100 %",
        "moved": "60 %, 0 % worse",
    }


def test_clean_clips_come_first_with_what_is_done_to_them():
    row = table.rows(figures(("a", TOLD)))[0]
    told = dict(zip(table.heading(), row, strict=True))
    assert (told["defect"], told["clips"]) == ("clean", "9")
    assert told["rejected"] == "6 %"
    assert told["moved"] == "10 %, 5 % worse"


def test_where_no_place_is_right_none_is_worse():
    assert cells(("a", {**TOLD, "made_worse": None}))["moved"] == "60 %"


@pytest.mark.parametrize("name", ["auc", "rejected_share", "offset_error_confident_ms"])
def test_what_is_unknown_is_a_dash(name):
    assert table.UNKNOWN in cells(("a", {**TOLD, name: None})).values()


def test_only_what_differs_is_told_twice():
    told = cells(("a", TOLD), ("b", {**TOLD, "offset_error_ms": 80.0}))
    assert told["offset error"] == "31 ms / 80 ms"
    assert told["rejected"] == "100 %"


def test_markdown_says_what_was_left_out():
    text = markdown.text(figures(("a", TOLD)))
    assert "# What mine 1.0.0 catches" in text
    assert "8 real clips (seed 3, model a)" in text
    assert "- shifted, 1s: 2 clips left out (too short)" in text
    assert "- a.mp4: is empty" in text
    one = figures(("a", TOLD))
    one["defects"]["shifted"]["1s"]["left_out"]["clips"] = 1
    assert "- shifted, 1s: 1 clip left out (too short)" in markdown.text(one)
    assert "confidence of 0.8 or more" in text
