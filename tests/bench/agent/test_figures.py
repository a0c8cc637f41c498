"""From rows of trials to figures, by hand."""

import json

import pytest

from acav1m.bench.agent import figures, mixes
from acav1m.bench.agent.policies import ACCEPTED, NONE, PLANNER, POLICIES, RANDOM
from acav1m.calibration.evidence import proportion

EDIT = {"edits": [{"action": "volume", "parameters": {}, "version": 1}]}


def told(*, edited=False, **values):
    usual = dict.fromkeys(
        (
            *figures.RECOVERED,
            *figures.OTHERS.values(),
        )
    )
    transform = EDIT if edited else {"edits": []}
    return usual | {"transform": transform, "result": None, "cpu_s": 0.5} | values


def row(clip, kind, by_policy, **more):
    policies = {policy: told(**by_policy.get(policy, by_policy[NONE])) for policy in POLICIES}
    return {"key": clip, "video": clip, "kind": kind, "seconds": 5.0, "policies": policies, **more}


def offset(clip, none, planner, chance):
    left = {NONE: none, PLANNER: planner, RANDOM: chance, ACCEPTED: none}
    return row(
        clip, "offset", {p: {"out_of_step_ms": ms} for p, ms in left.items()}, grade="offset 1 s"
    )


def test_an_error_that_shrinks_is_ahead_and_shares_count_what_is_within():
    rows = [offset("a", 1000, 20, 1500), offset("b", 1000, 41, 900), offset("c", 1000, 0, 1000)]
    [(grade, found)] = figures.faults(rows, "grade").items()
    assert (grade, found["trials"]) == ("offset 1 s", 3)
    assert found["policies"][PLANNER]["mean"] == pytest.approx(61 / 3, abs=1e-4)
    assert found["policies"][PLANNER]["within_share"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["ahead"][RANDOM]["mean"] == pytest.approx((3400 - 61) / 3, abs=1e-3)
    assert found["ahead"][RANDOM]["sure"]
    assert found["ahead"][ACCEPTED]["mean_95"][0] > 0


def test_gain_in_si_sdr_is_against_the_damaged_sound_and_more_is_better():
    by_policy = {
        NONE: {"si_sdr_db": 5.0},
        PLANNER: {"si_sdr_db": 12.0, "edited": True},
        RANDOM: {"si_sdr_db": 1.0, "edited": True},
    }
    rows = [row(clip, "hum", by_policy, grade="hum 5 dB") for clip in "ab"]
    found = figures.faults(rows, "kind")["hum"]
    assert {p: found["policies"][p]["mean"] for p in POLICIES} == {
        NONE: 0,
        PLANNER: 7,
        RANDOM: -4,
        ACCEPTED: 0,
    }
    assert found["ahead"][RANDOM] == {"mean": 11, "mean_95": [11, 11], "sure": True}
    assert found["policies"][PLANNER]["edited_share"] == 1


def test_a_lead_that_may_be_chance_is_not_sure():
    rows = [offset("a", 500, 400, 300), offset("b", 500, 100, 300), offset("c", 500, 300, 310)]
    found = figures.faults(rows, "grade")["offset 1 s"]["ahead"][RANDOM]
    low, high = found["mean_95"]
    assert low < 0 < high
    assert not found["sure"]


def test_other_scorers_are_compared_where_both_sounds_have_a_score():
    by_policy = {NONE: {"out_of_step_ms": 9, "other_temporal": 0.2}}
    better = by_policy | {PLANNER: {"out_of_step_ms": 9, "other_temporal": 0.7}}
    silent = by_policy | {PLANNER: {"out_of_step_ms": 9, "other_temporal": None}}
    rows = [row(clip, "drift", better, grade="x") for clip in "ab"]
    rows.append(row("c", "drift", silent, grade="x"))
    found = figures.faults(rows, "grade")["x"]["other_scorers"]
    assert found["temporal"]["trials"] == 2
    assert found["temporal"]["mean"] == pytest.approx(0.5)
    assert found["content"] is None


def test_harm_counts_clean_clips_that_were_touched_and_how_far():
    same, changed = {"si_sdr_db": 60.0}, {"si_sdr_db": 20.0, "edited": True}
    rows = [row(c, "clean", {NONE: same}, grade="clean") for c in "abc"]
    rows.append(row("d", "clean", {NONE: same, PLANNER: changed}, grade="clean"))
    found = figures.harm(rows)
    assert NONE not in found
    assert (found[PLANNER]["touched"], found[PLANNER]["touched_share"]) == (1, 0.25)
    share = proportion(1, 4)
    assert found[PLANNER]["touched_share_95"] == pytest.approx([share.low, share.high], abs=1e-4)
    assert found[PLANNER]["of_touched"]["si_sdr_db"] == 20
    assert found[RANDOM]["of_touched"]["si_sdr_db"] is None


def test_times_are_of_the_loop_and_for_each_second_of_sound():
    rows = [offset("a", 1, 1, 1), offset("b", 1, 1, 1)]
    found = figures.timing(rows, rows[:1])
    assert found["damaged"] == {"cpu_s_per_clip": 0.5, "cpu_s_per_s": 0.1}


def test_mixes_are_weighted_means_of_pairs_that_score_both_times():
    def pair(clip, before, after):
        unknown = dict.fromkeys(column for some in mixes.SCORERS.values() for column in some)
        scores = {NONE: {"alignment": before}, PLANNER: {"alignment": after}}
        return {"key": clip, "scores": {one: unknown | told for one, told in scores.items()}}

    rows = [pair("a", 0.2, 0.8), pair("b", 0.4, 0.6), pair("c", None, 1.0)]
    found = mixes.mixes(rows)["embedded"]["alignment"]
    assert found == {
        "pairs": 2,
        "N/0": pytest.approx(0.7),
        "0/N": pytest.approx(0.3),
        "N/N": pytest.approx(0.5),
        "N/2N": pytest.approx((0.7 + 2 * 0.3) / 3, abs=1e-4),
        "2N/N": pytest.approx((2 * 0.7 + 0.3) / 3, abs=1e-4),
    }
    assert mixes.mixes(rows)["in words"]["temporal"] is None
    json.dumps(mixes.mixes(rows))
