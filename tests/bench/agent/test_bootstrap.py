"""Intervals over clips."""

import numpy as np
import pytest

from acav1m.bench.agent import bootstrap


def test_interval_is_about_that_of_the_normal_law():
    values = np.random.default_rng(0).normal(1, 2, 400)
    found = bootstrap.mean(values.tolist(), [str(n) for n in range(400)])
    reach = 1.96 * values.std() / 20
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - reach, abs=0.03)
    assert found.high == pytest.approx(values.mean() + reach, abs=0.03)


def test_values_of_one_clip_count_as_one():
    values = np.random.default_rng(0).normal(0, 1, 20)
    alone = bootstrap.mean(values.tolist(), [str(n) for n in range(20)])
    often = bootstrap.mean(values.repeat(10).tolist(), [str(n // 10) for n in range(200)])
    assert (often.low, often.high) == pytest.approx((alone.low, alone.high))


def test_what_is_always_the_same_has_no_spread_and_is_the_same_again():
    assert bootstrap.mean([2.0] * 5, list("abcde")) == (2, 2, 2)
    values = [0.1, 0.5, 0.9]
    assert bootstrap.mean(values, list("abc")) == bootstrap.mean(values, list("abc"))
