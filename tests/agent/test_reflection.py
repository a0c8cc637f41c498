"""The rule of acceptance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acav1m.agent.reflection import below, fine, judged, known, lowest
from acav1m.agent.scores import Scores
from acav1m.agent.settings import Settings

SCORE = st.one_of(st.none(), st.floats(0, 1))
SCORES = st.builds(Scores, alignment=SCORE, temporal=SCORE, soundness=SCORE)


def scored(alignment=None, temporal=None, soundness=None) -> Scores:
    return Scores(alignment=alignment, temporal=temporal, soundness=soundness)


@pytest.mark.parametrize(
    ("before", "after", "accepted", "said"),
    [
        (scored(0.9, 0.2), scored(0.9, 0.8), True, "alignment 0.90, temporal 0.20 to 0.80"),
        (scored(0.9, 0.2), scored(0.885, 0.8), True, "alignment 0.90 to 0.89"),
        (scored(0.9, 0.2), scored(0.81, 0.99), False, "alignment falls from 0.90 to 0.81"),
        (scored(0.9, 0.25), scored(0.99, 0.5), False, "temporal should reach 0.67"),
        (scored(0.9, 0.84), scored(0.9, 0.85), False, "temporal should reach 0.86"),
        (scored(0.9, 0.2), scored(None, 0.99), False, "alignment can no longer be told"),
        (scored(None, 0.2), scored(0.1, 0.9), True, "alignment 0.10, temporal 0.20 to 0.90"),
        (scored(None, None, 0.2), scored(None, None, 0.9), True, "soundness 0.20 to 0.90"),
        (scored(0.9, 0.2, 0.9), scored(0.9, 0.9, 0.1), False, "soundness falls"),
    ],
)
def test_no_score_may_fall_and_a_low_one_must_rise(before, after, accepted, said):
    verdict = judged(before, before, after, Settings())
    assert verdict.accepted == accepted
    assert said in verdict.said


@pytest.mark.parametrize(
    ("after", "accepted", "said"),
    [
        (scored(0.51, 0.21), True, "alignment 0.50 to 0.51"),
        (scored(0.99, 0.2), False, "temporal does not rise"),
        (scored(0.5, 0.99), False, "alignment does not rise"),
    ],
)
def test_as_printed_both_must_rise(after, accepted, said):
    before = scored(0.5, 0.2)
    verdict = judged(before, before, after, Settings(accept="both"))
    assert verdict.accepted == accepted
    assert said in verdict.said


def test_what_is_unknown_does_not_rise():
    before, after = scored(None, 0.2), scored(0.9, 0.9)
    verdict = judged(before, before, after, Settings(accept="both"))
    assert verdict == (False, "alignment is unknown, and both must rise")


@pytest.mark.parametrize(
    ("after", "accepted"),
    [(scored(0.84, 0.9), True), (scored(0.82, 0.9), False), (scored(0.84, 0.6), False)],
)
def test_a_fall_is_taken_for_a_rise_ten_times_as_large(after, accepted):
    before = scored(0.9, 0.2)
    assert judged(before, before, after, Settings()).accepted == accepted
    assert not judged(before, before, after, Settings(exchange=0)).accepted


@pytest.mark.parametrize(("min_progress", "accepted"), [(0, True), (0.4, True), (0.6, False)])
def test_a_low_score_must_make_its_way_to_the_threshold(min_progress, accepted):
    before, after = scored(0.9, 0.25), scored(0.9, 0.55)
    assert judged(before, before, after, Settings(min_progress=min_progress)).accepted == accepted


def test_falls_do_not_add_up():
    original, best, after = scored(0.9, 0.2), scored(0.875, 0.5), scored(0.85, 0.84)
    assert judged(best, best, after, Settings()).accepted
    assert not judged(original, best, after, Settings()).accepted


@given(before=SCORES, after=SCORES, accept=st.sampled_from(["no_worse", "both"]))
def test_what_is_accepted_is_better_and_nothing_is_lost(before, after, accept):
    settings = Settings(accept=accept)
    accepted, said = judged(before, before, after, settings)
    assert said
    if accepted:
        was, now = known(before), known(after)
        assert was.keys() <= now.keys()
        assert any(now[name] > was[name] for name in was)
        if accept == "no_worse":
            most = max(settings.tolerance, settings.exchange)
            assert all(now[name] >= was[name] - most for name in was)
            assert not fine(before, settings.threshold)


def test_the_lowest_and_the_fine():
    assert lowest(scored(0.9, None, 0.2)) == 0.2
    assert lowest(scored()) is None
    assert fine(scored(), 0.85)
    assert fine(scored(0.85, None, 0.9), 0.85)
    assert not fine(scored(0.849), 0.85)


@given(SCORES, st.floats(0, 1))
def test_what_is_below_is_named_unless_all_is_fine(scores, threshold):
    said = below(scores, threshold)
    assert (said is None) == fine(scores, threshold)
    low = {name for name, value in known(scores).items() if value < threshold}
    assert {name for name in known(scores) if name in (said or "")} == low


def test_one_is_below_and_three_are():
    assert below(scored(0.9, 0.2), 0.85) == "temporal 0.20 is below 0.85"
    told = "alignment 0.10, temporal 0.20 and soundness 0.30 are below 0.85"
    assert below(scored(0.1, 0.2, 0.3), 0.85) == told
