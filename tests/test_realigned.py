"""A known offset taken out in memory puts each beep on its flash, and invents nothing."""

import numpy as np
import pytest

from acav1m.clip import View
from acav1m.media.decode import RELEASE_RATE_HZ
from acav1m.realigned import realigned
from acav1m.testing import FPS, flash_and_beep

FLASHES_S = (1.2, 2.0, 3.04)
VIEW = View(8, 8)


def onsets_s(level: np.ndarray, rate_hz: float) -> np.ndarray:
    loud = np.flatnonzero(level > 0.3)
    return loud[np.diff(loud, prepend=-rate_hz) > rate_hz / 5] / rate_hz


@pytest.mark.parametrize("late_s", [0.5, 0.333, -0.5, -0.77])
def test_each_beep_is_on_its_flash(late_s: float) -> None:
    clip = flash_and_beep(FLASHES_S, offset_s=late_s, seconds=5)
    moved = realigned(clip, late_s)
    light = moved.frames(VIEW).images.mean(axis=(1, 2, 3)) / 255
    flashes_s = onsets_s(light - 0.3, FPS)
    assert len(flashes_s) == 3
    assert onsets_s(moved.audio(), RELEASE_RATE_HZ) == pytest.approx(flashes_s, abs=0.005)
    track = moved.track()
    assert onsets_s(track.samples[0], track.rate_hz) == pytest.approx(flashes_s, abs=0.01)


@pytest.mark.parametrize("late_s", [0.5, -0.5])
def test_it_is_shorter_by_the_offset(late_s: float) -> None:
    moved = realigned(flash_and_beep(FLASHES_S, offset_s=late_s, seconds=5), late_s)
    assert len(moved.frames(VIEW).times_s) / FPS == pytest.approx(4.5, abs=1 / FPS)
    assert len(moved.audio()) / RELEASE_RATE_HZ == pytest.approx(4.5, abs=1 / FPS)
    assert moved.frames(VIEW).times_s[0] == 0


def test_other_sound_in_memory_is_moved_as_well() -> None:
    clip = flash_and_beep(FLASHES_S, seconds=5)
    late = clip.with_sound(np.roll(clip.audio(), RELEASE_RATE_HZ // 2))
    found = onsets_s(realigned(late, 0.5).audio(), RELEASE_RATE_HZ)
    assert found == pytest.approx(FLASHES_S, abs=0.005)
    assert onsets_s(clip.audio(), RELEASE_RATE_HZ) == pytest.approx(FLASHES_S, abs=0.005)
