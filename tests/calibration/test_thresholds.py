"""A recommended threshold gives the precision it promises, or there is none."""

import numpy as np
import pytest

from acav1m.calibration.fit import Pairs, choose
from acav1m.calibration.thresholds import measure, recommend


def pairs(rng: np.random.Generator, count: int, apart: float) -> Pairs:
    raw = np.concatenate([rng.normal(apart, 1, count), rng.normal(0, 1, count)])
    return Pairs(raw, np.repeat([True, False], count), np.tile(np.arange(count), 2))


def recommended(some: Pairs, share: float = 0.5, precision: float = 0.95):
    held_out = choose(some).held_out
    return recommend(some, held_out, precision=precision, mismatched_share=share)


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_it_holds_on_fresh_pairs(share: float) -> None:
    rng = np.random.default_rng(0)
    some = pairs(rng, 2000, 2.0)
    found, fresh = recommended(some, share), pairs(rng, 20_000, 2.0)
    again = measure(
        fresh,
        choose(some).map.probabilities(fresh.raw),
        found.value,
        precision=0.95,
        mismatched_share=share,
    )

    assert again.precision.value == pytest.approx(0.95, abs=0.02)
    assert again.recall.value == pytest.approx(found.recall.value, abs=0.04)


def test_more_mismatched_clips_ask_for_a_higher_threshold() -> None:
    some = pairs(np.random.default_rng(1), 2000, 2.0)

    assert recommended(some, 0.2).value < recommended(some, 0.5).value


def test_a_score_that_cannot_give_it_has_none_and_says_why() -> None:
    found = recommended(pairs(np.random.default_rng(2), 300, 0.3))

    assert found.value is None
    assert found.why.startswith("no threshold gives a precision of 0.95; the best is 0.")


def test_luck_at_the_top_is_no_threshold() -> None:
    """One matched pair above all others has a precision of 1, and proves nothing."""
    raw = np.array([9.0, *np.tile([0.1, 0.2], 100)])
    which = np.array([True, *np.tile([True, False], 100)])
    some = Pairs(raw, which, np.arange(201))

    found = recommend(some, raw / 10, precision=0.95, mismatched_share=0.5)

    assert found.value is None


def test_what_no_mismatched_pair_passes_is_not_sure() -> None:
    raw = np.concatenate([np.full(50, 0.9), np.full(50, 0.1)])
    some = Pairs(raw, np.repeat([True, False], 50), np.tile(np.arange(50), 2))
    found = recommend(some, raw, precision=0.95, mismatched_share=0.5)

    assert found.value == 0.5
    assert (found.precision.value, found.recall.value) == (1, 1)
    assert 0.9 < found.precision.low < 0.95


@pytest.mark.parametrize("stray", [0.003, 0.2])
def test_it_lies_in_the_middle_of_the_gap_and_not_at_the_edge_of_the_mismatched(stray) -> None:
    raw = np.concatenate([np.linspace(0.8, 0.9, 50), np.full(49, 0.003), [stray]])
    some = Pairs(raw, np.repeat([True, False], 50), np.tile(np.arange(50), 2))
    found = recommend(some, raw, precision=0.95, mismatched_share=0.5)

    assert found.value == pytest.approx((stray + 0.8) / 2, abs=0.01)
    assert (found.precision.value, found.recall.value) == (1, 1)


def test_no_higher_threshold_has_the_same_recall_and_is_more_precise() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        some = pairs(rng, 200, 2.0)
        held_out = choose(some).held_out
        found = recommend(some, held_out, precision=0.9, mismatched_share=0.5)
        passing = held_out[some.matched & (held_out >= found.value)]
        between = (held_out >= found.value) & (held_out < passing.min())

        assert not between.any()
        assert found.precision.value >= 0.88
