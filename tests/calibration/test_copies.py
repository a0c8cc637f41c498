"""Copies are told, strangers are not taken for copies."""

import numpy as np

from acav1m.calibration.copies import Look, firsts
from acav1m.synth.likeness import LOUDNESS_HZ, SAME_PICTURE

RNG = np.random.default_rng(0)


def look(level_db: np.ndarray | None = None, pictures: np.ndarray | None = None) -> Look:
    rng = np.random.default_rng(RNG.integers(2**31))
    return Look(
        rng.uniform(0, 255, 96) if pictures is None else pictures,
        rng.normal(-30, 6, 250) if level_db is None else level_db,
    )


def test_strangers_are_all_kept() -> None:
    assert firsts([look() for _ in range(40)]) == [True] * 40


def test_the_first_of_the_same_pictures_is_kept() -> None:
    one = look()
    copy = look(pictures=one.pictures + SAME_PICTURE / 2)

    assert firsts([one, look(), copy]) == [True, True, False]


def test_the_same_sound_later_and_softer_is_a_copy() -> None:
    one = look()
    later = look(np.concatenate([RNG.normal(-30, 6, LOUDNESS_HZ), one.level_db - 12]))

    assert firsts([one, later]) == [True, False]


def test_a_shorter_cut_of_the_same_sound_is_a_copy() -> None:
    one = look()

    assert firsts([one, look(one.level_db[40:140])]) == [True, False]


def test_a_sound_too_far_away_is_no_copy() -> None:
    one = look()
    later = look(np.concatenate([RNG.normal(-30, 6, 4 * LOUDNESS_HZ), one.level_db]))

    assert firsts([one, later]) == [True, True]


def test_steady_sounds_tell_nothing() -> None:
    assert firsts([look(np.full(250, -20.0)), look(np.full(250, -20.0))]) == [True, True]


def test_none_is_none() -> None:
    assert firsts([]) == []
