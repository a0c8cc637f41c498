"""What the aligners' tests share."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from acav1m.calibration.map import calibrated
from acav1m.clip import Clip
from acav1m.steps import Aligner, Value

Score = Callable[[Aligner, Clip], Mapping[str, Value]]


@pytest.fixture(scope="session")
def score() -> Score:
    """Raw columns, and the calibrated ones by the prior."""

    def scored(step: Aligner, clip: Clip) -> Mapping[str, Value]:
        raw = step.measure(clip)
        return {**raw, **calibrated(step, raw)}

    return scored
