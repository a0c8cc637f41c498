"""Maps are fitted so that 0.5 is as likely matched as not, whatever the shape of the scores."""

import numpy as np
import pytest

from acav1m.calibration.evidence import weigh
from acav1m.calibration.fit import MIN_PAIRS_ISOTONIC, Pairs, choose, fit, line, steps
from acav1m.calibration.map import Calibration, Steps


def pairs(matched: np.ndarray, mismatched: np.ndarray) -> Pairs:
    which = np.repeat([True, False], [len(matched), len(mismatched)])
    group = np.concatenate([np.arange(len(matched)), np.arange(len(mismatched)) % len(matched)])
    return Pairs(np.concatenate([matched, mismatched]), which, group)


def test_half_lies_midway_between_equal_kinds() -> None:
    rng = np.random.default_rng(0)
    line = fit(rng.normal(3, 1, 400), rng.normal(1, 1, 400))

    assert line.probability(2.0) == pytest.approx(0.5, abs=0.03)
    assert line.slope == pytest.approx(2.0, rel=0.2)  # difference of means over variance


def test_more_mismatched_pairs_do_not_move_the_middle() -> None:
    rng = np.random.default_rng(0)
    line = fit(rng.normal(3, 1, 200), rng.normal(1, 1, 20_000))

    assert line.probability(2.0) == pytest.approx(0.5, abs=0.04)


def test_kinds_that_do_not_overlap_have_a_finite_slope() -> None:
    line = fit([0.9, 0.95, 0.99], [-0.2, 0.0, 0.1])

    assert 0.5 < line.probability(0.9) < 1
    assert 0 < line.probability(0.1) < 0.5


def test_a_score_that_runs_the_wrong_way_says_nothing() -> None:
    line = fit([0.0, 0.1, 0.2], [1.0, 1.1, 1.2])

    assert line.slope == 0
    assert line.probability(5.0) == pytest.approx(0.5)


def test_scores_that_do_not_separate_stay_near_half() -> None:
    rng = np.random.default_rng(1)
    found = choose(pairs(rng.normal(size=200), rng.normal(size=200)))

    assert np.abs(found.held_out - 0.5).max() < 0.2


def test_few_pairs_get_a_line_however_crooked() -> None:
    rng = np.random.default_rng(1)
    few = MIN_PAIRS_ISOTONIC // 2 - 1

    assert isinstance(choose(crooked(rng, few)).map, Calibration)
    assert isinstance(choose(crooked(rng, 5 * few)).map, Steps)


def crooked(rng: np.random.Generator, count: int) -> Pairs:
    """Matched pairs between the tails of the mismatched ones, which no sigmoid describes."""
    return pairs(rng.uniform(0.4, 1, count), np.abs(rng.standard_cauchy(count)) - 2)


@pytest.mark.parametrize("make", [line, steps])
def test_a_map_never_falls(make) -> None:
    rng = np.random.default_rng(2)
    map = make(pairs(rng.normal(1, 1, 80), rng.normal(0, 3, 80)))
    found = map.probabilities(np.linspace(-9, 9, 500))

    assert (np.diff(found) >= 0).all()
    assert 0 <= found[0] <= found[-1] <= 1


def test_steps_are_never_sure() -> None:
    map = steps(pairs(np.arange(1.0, 51), np.arange(-50.0, 0)))

    assert 0 < map.probability(-99) < 0.02
    assert 0.98 < map.probability(99) < 1


def test_the_scale_of_the_raw_score_does_not_matter() -> None:
    rng = np.random.default_rng(3)
    small = pairs(rng.normal(1, 1, 100), rng.normal(0, 1, 100))
    large = Pairs(1e6 * small.raw + 5e6, small.matched, small.group)

    assert choose(large).held_out == pytest.approx(choose(small).held_out, abs=1e-4)


def test_held_out_probabilities_hold_on_fresh_pairs() -> None:
    rng = np.random.default_rng(4)
    found = choose(pairs(rng.normal(2, 1, 2000), rng.normal(0, 1, 2000)))
    fresh = pairs(rng.normal(2, 1, 2000), rng.normal(0, 1, 2000))

    assert weigh(fresh, found.map.probabilities(fresh.raw)).calibration_error < 0.03


def test_a_clips_pairs_are_held_out_together() -> None:
    """A score that only names the clip must not look as if it told matched from mismatched."""
    rng = np.random.default_rng(5)
    clip = rng.normal(size=300)
    truth = rng.random(300) < 0.5
    raw = np.repeat(clip, 5)
    found = choose(Pairs(raw, np.repeat(truth, 5), np.repeat(np.arange(300), 5)))

    assert found.log_loss > 0.65


def test_the_same_pairs_give_the_same_map() -> None:
    rng = np.random.default_rng(6)
    some = pairs(rng.normal(1, 1, 900), rng.normal(0, 1, 900))

    assert choose(some).map == choose(some).map
