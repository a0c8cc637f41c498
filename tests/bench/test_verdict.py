"""The filters of a recipe, tried on trials."""

import pytest

from acav1m import plan
from acav1m.bench import verdict
from acav1m.bench.verdict import Verdict


@pytest.fixture(scope="module")
def recipe():
    return plan.resolve(
        {
            "name": "judges",
            "version": "0.1.0",
            "about": "Who objects.",
            "license": "CC0-1.0",
            "sources": {"synthetic": {"clips": 4}},
            "measures": {"silent_share": {}, "still": {}},
            "filters": {
                "silence": {"max_share": 0.5},
                "frozen": {"max_share": 0.5, "on_fail": "flag"},
                "too_short": {"min_s": 3},
                "where": {"keep_if": "planted_defect is null"},
            },
            "selectors": {"budget": {"clips": 1}},
        }
    )


def test_what_filters_read_is_wanted(recipe):
    assert verdict.wanted(recipe) == {
        "silent_share",
        "frozen_share",
        "duration_s",
        "planted_defect",
    }


def test_filters_without_an_answer_are_named_with_what_they_lack(recipe):
    known = ["silent_share", "frozen_share"]
    assert verdict.without_answer(recipe, known) == {"where": ["planted_defect"]}


def test_rejected_flagged_and_kept_are_told_apart_in_their_order(recipe):
    clean = {"silent_share": 0.1, "frozen_share": 0.1, "duration_s": 5.0}
    rows = [clean, clean | {"silent_share": 0.9}, clean | {"frozen_share": 0.9}, {}]
    assert verdict.judged(recipe, rows, ["where"]) == [
        Verdict(rejected=False, objections=()),
        Verdict(rejected=True, objections=("silence",)),
        Verdict(rejected=False, objections=("frozen",)),
        Verdict(rejected=True, objections=("silence", "too_short", "frozen")),
    ]


def test_selectors_are_not_asked(recipe):
    clean = {"silent_share": 0.1, "frozen_share": 0.1, "duration_s": 5.0}
    assert not any(one.rejected for one in verdict.judged(recipe, [clean] * 3, ["where"]))
