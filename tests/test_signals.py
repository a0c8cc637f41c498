"""Curves of sound and motion stand where the events were put."""

import numpy as np
import pytest

from acav1m import signals
from acav1m.testing import FPS, flash_and_beep, from_arrays, grey, silence, sine


def test_motion_stands_where_the_picture_changes() -> None:
    motion = signals.motion(flash_and_beep([1.2], seconds=3)).mean(axis=1)
    assert int(motion.argmax()) == 1.2 * signals.RATE_HZ


def test_onsets_stand_where_the_sound_begins() -> None:
    onsets = signals.onsets(flash_and_beep([1.2], offset_s=0.4, seconds=3))
    assert int(onsets.argmax()) == pytest.approx(1.6 * signals.RATE_HZ, abs=1)


def test_silence_and_the_beginning_of_a_clip_are_no_onsets() -> None:
    assert signals.onsets(silence(2)).max() == 0
    assert signals.onsets(from_arrays(grey(2), FPS, sine(2))).max() < 0.5


def test_sound_shorter_than_a_window_has_empty_curves() -> None:
    clip = from_arrays(grey(0.04), FPS, np.zeros(100, np.float32))
    assert signals.mel_powers(clip).shape == (0, signals.BANDS)
    assert signals.onsets(clip).tolist() == [0]


def test_a_full_scale_sine_has_the_power_it_has() -> None:
    clip = from_arrays(grey(1), FPS, sine(1, hz=1000, level_db=0))
    assert signals.mel_powers(clip).sum(axis=1).max() == pytest.approx(0.5, rel=0.6)


def test_changes_stay_in_their_cell() -> None:
    images = np.zeros((2, 64, 64, 3), np.uint8)
    images[1, 8:16, 56:64] = 255
    change = signals.changes(images)[1].reshape(signals.CELLS, signals.CELLS)
    assert change[1, 7] == 1
    assert change.sum() == 1


def test_curves_are_made_once() -> None:
    clip = flash_and_beep([1])
    assert signals.motion(clip) is signals.motion(clip)
    assert signals.onsets(clip) is signals.onsets(clip)


def test_a_grid_keeps_sums_whatever_the_times() -> None:
    rng = np.random.default_rng(0)
    times_s = np.sort(rng.uniform(0, 4, 37))
    values = rng.random((37, 3)).astype(np.float32)
    on_grid = signals.on_grid(times_s, values)
    assert on_grid.sum(axis=0) == pytest.approx(values.sum(axis=0), rel=1e-5)


def test_the_last_picture_is_shown_as_long_as_is_usual() -> None:
    shown = signals.shown_s(np.array([0, 0.1, 0.2, 1.2]))
    assert shown == pytest.approx([0.1, 0.1, 1.0, 0.1])
    assert signals.shown_s(np.array([0.0])).tolist() == [1.0]
