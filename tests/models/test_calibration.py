"""Raw scores become probabilities."""

import numpy as np
import pytest

from acav1m.models.calibration import Calibration, auc, calibration_error, fit


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


def test_a_constant_score_says_nothing() -> None:
    assert auc([1, 1], [1, 1, 1]) == 0.5


def test_overconfidence_is_an_error() -> None:
    assert calibration_error([0.95, 0.95, 0.95, 0.95], [1, 1, 0, 0]) == pytest.approx(0.45)


def test_probability_rises_with_the_score() -> None:
    line = Calibration(3.0, -1.0)

    assert line.probability(0.1) < line.probability(0.2)
