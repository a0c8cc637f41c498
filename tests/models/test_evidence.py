"""Seconds in which there is nothing to judge are found."""

import numpy as np

from acav1m.models import evidence
from acav1m.testing import FPS, flash_and_beep, from_arrays, grey, silence, sine, tone


def test_sixty_decibels_below_full_scale_is_the_floor() -> None:
    # A sine's RMS is 3 dB under its peak.
    assert evidence.heard(tone(2, level_db=-56)).tolist() == [True, True]
    assert evidence.heard(tone(2, level_db=-58)).tolist() == [False, False]


def test_seconds_are_judged_one_by_one() -> None:
    clip = flash_and_beep([0.5, 3.5], seconds=5)

    assert evidence.heard(clip).tolist() == [True, False, False, True, False]
    assert evidence.moved(clip).tolist() == [True, False, False, True, False]


def test_coding_noise_is_not_motion() -> None:
    grain = np.random.default_rng(0).integers(-2, 3, (50, 64, 64, 3))
    frames = (grey(2) + grain).astype(np.uint8)

    assert not evidence.moved(from_arrays(frames, FPS, sine(2))).any()


def test_sound_or_motion_alone_gives_no_timing() -> None:
    assert not evidence.timed(tone(3)).any()
    assert not evidence.timed(silence(3)).any()


def test_sound_that_is_late_by_a_second_is_judged() -> None:
    assert evidence.timed(flash_and_beep([1.5], offset_s=1, seconds=5)).tolist() == [
        False,
        True,
        True,
        False,
        False,
    ]
