"""What is read off evidence that was made up."""

import numpy as np
import pytest

from acav1m.models.timing import reading
from acav1m.models.timing.lags import LAGS_S, Evidence


def evidence(offsets_s, height: float = 6.0, nothing: float = 5.0) -> Evidence:
    """Each second has a bump of evidence at its offset."""
    bumps = [height * np.exp(-0.5 * ((LAGS_S - at_s) / 0.05) ** 2) for at_s in offsets_s]
    seconds = np.array(bumps)
    return Evidence(clip=seconds.sum(axis=0), seconds=seconds, nothing=nothing)


def test_a_clip_in_step_is_told_from_one_that_is_late() -> None:
    assert reading.in_step(evidence([0.0] * 5)) > 5
    assert reading.in_step(evidence([0.5] * 5)) < -5


@pytest.mark.parametrize("at_s", [-2.96, -0.53, 0.013, 0.25, 1.777])
def test_offsets_are_found_between_the_steps(at_s: float) -> None:
    found = reading.offset(evidence([at_s] * 5))

    assert found.seconds == pytest.approx(at_s, abs=0.02)
    assert found.confidence > 0.95


def test_two_equal_peaks_are_not_sure() -> None:
    two = evidence([0.0] * 5).clip + evidence([1.0] * 5).clip
    found = reading.offset(Evidence(clip=two, seconds=np.tile(two / 5, (5, 1)), nothing=5.0))

    assert 0.3 < found.confidence < 0.6


def test_evidence_for_nothing_is_unseen_and_unsure() -> None:
    faint = evidence([0.5] * 5, height=0.1, nothing=9.0)

    assert reading.seen(faint) < -2
    assert reading.offset(faint).confidence < 0.1
    assert reading.seen(evidence([0.5] * 5)) > 5


def test_one_second_that_is_out_of_step_shows() -> None:
    odds = reading.seconds_in_step(evidence([0, 0, 0, 0.8, 0.8, 0.8, 0, 0]))

    assert odds[0] > 0 > odds[4]


@pytest.mark.parametrize("slope", [-0.08, -0.03, 0.0, 0.05])
def test_drift_is_the_slope_of_the_offset(slope: float) -> None:
    offsets_s = [0.2 + slope * t for t in range(8)]

    assert reading.drift(evidence(offsets_s)) == pytest.approx(slope, abs=0.011)


def test_two_seconds_do_not_tell_a_drift() -> None:
    assert reading.drift(evidence([0.0, 0.1])) is None
    assert reading.drift(evidence([0.0] * 8, height=0.05)) is None


def test_a_drift_beyond_what_is_looked_for_is_not_told() -> None:
    assert reading.drift(evidence([0.25 * t - 0.9 for t in range(8)])) is None


def test_sound_that_is_not_seen_does_not_drift() -> None:
    drifting = evidence([0.05 * t for t in range(8)], nothing=200.0)

    assert reading.drift(drifting) is None


def test_seconds_that_hardly_differ_leave_the_drift_open() -> None:
    """Enough is seen to believe in the sound, too little to tell one slope from the next."""
    faint = evidence([0.0] * 5, height=1.2, nothing=0.0)

    assert reading.drift(faint) is None
    assert reading.drift(evidence([0.0] * 5, height=6.0, nothing=0.0)) == pytest.approx(0, abs=0.01)
