"""Evidence says how sure it is."""

import numpy as np
import pytest

from acav1m.calibration.evidence import auc, auc_interval, calibration_error, proportion, weigh
from acav1m.calibration.fit import Pairs


def test_a_constant_score_says_nothing() -> None:
    assert auc([1, 1], [1, 1, 1]) == 0.5


def test_overconfidence_is_an_error() -> None:
    assert calibration_error([0.95, 0.95, 0.95, 0.95], [1, 1, 0, 0]) == pytest.approx(0.45)


def kinds(matched: np.ndarray, mismatched: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    which = np.repeat([True, False], [len(matched), len(mismatched)])
    return np.concatenate([matched, mismatched]), which


def test_the_interval_is_delongs_where_every_pair_is_a_clip_of_its_own() -> None:
    """Example of DeLong's structural components, done by hand."""
    raw, which = kinds(np.array([0.8, 0.6, 0.9, 0.4]), np.array([0.5, 0.3, 0.7, 0.2, 0.1]))
    above = np.array([1.0, 0.8, 1.0, 0.6])
    below = np.array([0.75, 1.0, 0.5, 1.0, 1.0])
    error = np.sqrt(above.var(ddof=1) / 4 + below.var(ddof=1) / 5)
    found = auc_interval(raw, which, np.arange(9))
    logit = np.log(0.85 / 0.15)
    reach = 1.959964 * error / (0.85 * 0.15)

    assert found.value == pytest.approx(0.85)
    assert found.low == pytest.approx(1 / (1 + np.exp(reach - logit)), abs=1e-6)
    assert found.high == pytest.approx(1 / (1 + np.exp(-reach - logit)), abs=1e-6)


@pytest.mark.slow
def test_the_interval_holds_the_truth_where_a_clips_pairs_go_together() -> None:
    from scipy.stats import norm

    rng, held = np.random.default_rng(0), 0
    truth = norm.cdf(1.2 / np.sqrt(2 * (1 + 0.7**2)))
    for _ in range(400):
        clip = np.repeat(rng.normal(0, 0.7, 60), 3)
        raw, which = kinds(clip + rng.normal(1.2, 1, 180), clip + rng.normal(0, 1, 180))
        found = auc_interval(raw, which, np.tile(np.repeat(np.arange(60), 3), 2))
        held += found.low <= truth <= found.high

    assert held / 400 == pytest.approx(0.95, abs=0.03)


def test_no_pair_out_of_order_proves_only_as_much_as_there_are_clips() -> None:
    few, many = (
        auc_interval(*kinds(np.ones(n), np.zeros(n)), np.tile(np.arange(n), 2)) for n in (10, 200)
    )

    assert few.value == many.value == few.high == 1
    assert few.low < 0.9 < 0.98 < many.low


def test_a_constant_score_does_not_separate() -> None:
    pairs = Pairs(np.zeros(40), np.tile([True, False], 20), np.repeat(np.arange(20), 2))
    found = weigh(pairs, np.full(40, 0.5))

    assert found.auc.value == 0.5
    assert not found.separates
    assert found.calibration_error == pytest.approx(0)


def test_each_kind_weighs_a_half() -> None:
    """Ten times as many mismatched pairs leave a right half right."""
    pairs = Pairs(np.zeros(110), np.arange(110) < 10, np.arange(110))
    found = weigh(pairs, np.full(110, 0.5))

    assert found.calibration_error == pytest.approx(0)
    assert found.bins[5].pairs == 110
    assert found.bins[5].observed == pytest.approx(0.5)


def test_a_share_of_nothing_seen_is_not_sure() -> None:
    none = proportion(0, 20)

    assert (none.value, none.low) == (0, 0)
    assert 0.1 < none.high < 0.2
