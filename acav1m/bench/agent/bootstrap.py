"""Confidence intervals of means over clips, by drawing clips again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.calibration.evidence import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

DRAWS = 2000
SEED = 1
"""The same draws each time: an interval is a figure like any other."""

OUTSIDE = (2.5, 97.5)


def mean(values: Sequence[float], groups: Sequence[str]) -> Interval:
    """Mean with its 95 % percentile interval (Efron, 1979); values of one group stay together.

    >>> mean([1.0, 3.0], ["a", "b"])
    Interval(value=2.0, low=1.0, high=3.0)
    """
    names, place = np.unique(groups, return_inverse=True)
    sums, counts = np.bincount(place, values), np.bincount(place)
    rng = np.random.default_rng(SEED)
    picked = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=DRAWS)
    low, high = np.percentile((picked @ sums) / (picked @ counts), OUTSIDE)
    return Interval(float(np.mean(values)), float(low), float(high))
