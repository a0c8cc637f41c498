"""Copies are alike however they begin, and strangers are not."""

import numpy as np
import pytest

from acav1m.synth import likeness, scene
from acav1m.synth.likeness import LOUDNESS_HZ, SAME_PICTURE, Likeness, alike, firsts
from acav1m.testing import flash_and_beep, from_arrays, grey, tone


def look(event="bell", seed=1, *, late_s=0.0, volume=1.0, picture=True):
    clip = scene.render(event, seed, seconds=4, width=64, height=64)
    sound = scene.heard(event, seed, clip.seconds, clip.rate_hz, start_s=-late_s)
    frames = clip.frames if picture else grey(4)
    return likeness.likeness(from_arrays(frames, clip.fps, sound * volume))


@pytest.mark.parametrize("late_s", [0.0, 0.5, -0.51, 1.7])
def test_the_same_sound_is_known_late_early_and_quieter(late_s):
    assert alike(look(), look(late_s=late_s, volume=0.3, picture=False))


def test_sound_that_overlaps_too_little_is_not_known():
    assert not alike(look("rain"), look("rain", late_s=2.4, picture=False))


def test_the_same_pictures_are_known_with_another_sound():
    small = scene.render("bell", 1, seconds=4, width=64, height=64).frames
    large = small.repeat(2, axis=1).repeat(3, axis=2)
    other = likeness.likeness(from_arrays(large, 25, np.zeros(64_000, np.float32)))
    assert alike(look(), other)


def test_clips_of_one_class_are_strangers():
    looks = [look("drum", seed) for seed in range(3)]
    assert not any(alike(looks[0], other) for other in looks[1:])


def test_steady_sounds_tell_nothing():
    """Two tones are equally loud all the time, as are many hums."""
    other = likeness.likeness(tone(4, hz=300))
    flashes = flash_and_beep([1, 2], seconds=4)
    assert not alike(other, likeness.likeness(flashes.with_sound(tone(4, hz=900).audio())))


def test_a_clip_too_short_to_compare_is_like_none():
    short = likeness.likeness(flash_and_beep([0.2], seconds=0.5))
    assert not alike(short, likeness.likeness(flash_and_beep([0.2, 1], seconds=2)))


RNG = np.random.default_rng(0)


def drawn(level_db: np.ndarray | None = None, pictures: np.ndarray | None = None) -> Likeness:
    rng = np.random.default_rng(RNG.integers(2**31))
    return Likeness(
        rng.uniform(0, 255, (8, 16, 16, 3)) if pictures is None else pictures,
        rng.normal(-30, 6, 250) if level_db is None else level_db,
    )


def test_strangers_are_all_kept() -> None:
    assert firsts([drawn() for _ in range(40)]) == [True] * 40


def test_the_first_of_the_same_pictures_is_kept() -> None:
    one = drawn()
    copy = drawn(pictures=one.pictures + SAME_PICTURE / 2)

    assert firsts([one, drawn(), copy]) == [True, True, False]


def test_the_same_sound_later_and_softer_is_a_copy() -> None:
    one = drawn()
    later = drawn(np.concatenate([RNG.normal(-30, 6, LOUDNESS_HZ), one.level_db - 12]))

    assert firsts([one, later]) == [True, False]


def test_a_shorter_cut_of_the_same_sound_is_a_copy() -> None:
    one = drawn()

    assert firsts([one, drawn(one.level_db[40:140])]) == [True, False]


def test_a_sound_too_far_away_is_no_copy() -> None:
    one = drawn()
    later = drawn(np.concatenate([RNG.normal(-30, 6, 4 * LOUDNESS_HZ), one.level_db]))

    assert firsts([one, later]) == [True, True]


def test_steady_levels_tell_nothing() -> None:
    assert firsts([drawn(np.full(250, -20.0)), drawn(np.full(250, -20.0))]) == [True, True]


def test_none_is_none() -> None:
    assert firsts([]) == []
