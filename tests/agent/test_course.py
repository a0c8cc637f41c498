"""Where moved sound is heard."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acav1m.agent.actions.speed import Speed
from acav1m.agent.actions.volume import Volume
from acav1m.agent.course import Course
from acav1m.agent.transform import Transform

RATE_HZ = 1000
STARTS_S = st.integers(-50, 50).map(lambda tenth: tenth / 10)


@given(starts_s=st.lists(STARTS_S, max_size=3), seconds=st.integers(1, 8))
@settings(max_examples=60, deadline=None)
def test_it_tells_where_moved_sound_is_heard_to_the_sample(starts_s, seconds):
    original = np.arange(1, seconds * RATE_HZ + 1, dtype=np.float32) / 10_000
    transform = Transform.of(*(Speed(start_s=start_s) for start_s in starts_s))

    heard = transform.replay(original, RATE_HZ)
    course = Course.of(transform, seconds)

    there = np.flatnonzero(heard)
    assert there.size == round((course.ends_s - course.begins_s) * RATE_HZ)
    assert course.missing_share(seconds) == pytest.approx(1 - there.size / heard.size)
    if there.size:
        assert there[0] == round(course.begins_s * RATE_HZ)
        assert heard[there[0]] == original[round(course.was_s(course.begins_s) * RATE_HZ)]


@pytest.mark.parametrize(("factor", "missing", "dropped"), [(2, 0.5, 0), (0.5, 0, 0.5), (1, 0, 0)])
def test_what_is_played_faster_leaves_silence_and_slower_goes_beyond_the_end(
    factor, missing, dropped
):
    course = Course.of(Transform.of(Volume(), Speed(factor=factor)), seconds=4)

    assert course.missing_share(4) == missing
    assert course.dropped_share(4) == dropped
    assert course.heard_s(2) == 2 / factor
    assert course.was_s(course.heard_s(1.5)) == 1.5


def test_moves_after_a_change_of_speed_count_in_seconds_that_are_heard():
    course = Course.of(Transform.of(Speed(factor=2, start_s=1), Speed(start_s=-0.5)), seconds=4)

    assert course.was_s(0.5) == 1
    assert course.was_s(1.5) == 3
    assert (course.begins_s, course.ends_s) == (0.5, 2)


def test_a_clip_of_no_length_has_no_shares():
    course = Course.of(Transform(), seconds=0)
    assert (course.missing_share(0), course.dropped_share(0)) == (0, 0)
