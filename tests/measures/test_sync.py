"""Planted offsets, unrelated sound, and nothing to go by."""

import numpy as np
import pytest

from acav1m.measures.sync import Sync
from acav1m.testing import FPS, flash_and_beep, from_arrays, grey, silence, sine

TIMES_S = [1.0, 1.72, 3.08, 5.2]


@pytest.mark.parametrize("offset_s", [0, 0.04, 0.12, -0.2, 0.48, -0.52, 1.0, -1.0, 1.8])
def test_a_planted_offset_is_found(offset_s: float) -> None:
    found = Sync().measure(flash_and_beep(TIMES_S, offset_s=offset_s, seconds=8))
    assert found["sync_offset_s"] == pytest.approx(offset_s, abs=0.041)
    assert found["sync_confidence"] > 0.3
    assert found["sync_events"] == 4


@pytest.mark.parametrize("fps", [12, 24, 50])
def test_the_frame_rate_does_not_shift_the_offset(fps: int) -> None:
    frames = np.full((6 * fps, 64, 64, 3), 20, np.uint8)
    audio = np.zeros(6 * 16_000, np.float32)
    for time_s in (1, 2.5, 4.25):
        frames[round(time_s * fps) :] = 255 - frames[round(time_s * fps)]
        start = round((time_s + 0.2) * 16_000)
        audio[start : start + 800] = sine(0.05, hz=900, level_db=-6)
    found = Sync().measure(from_arrays(frames, fps, audio))
    assert found["sync_offset_s"] == pytest.approx(0.2, abs=0.061)


def test_a_light_in_a_corner_is_enough() -> None:
    """Elsewhere the picture moves on its own; only one cell follows the sound."""
    rng = np.random.default_rng(0)
    frames = rng.integers(90, 130, (200, 64, 64, 3), dtype=np.uint8)
    audio = np.zeros(8 * 16_000, np.float32)
    for time_s in TIMES_S:
        frames[round(time_s * FPS) :, :8, :8] ^= 128
        start = round(time_s * 16_000)
        audio[start : start + 800] = sine(0.05, hz=900, level_db=-6)
    found = Sync().measure(from_arrays(frames, FPS, audio))
    assert found["sync_offset_s"] == pytest.approx(0, abs=0.041)


@pytest.mark.parametrize("seed", range(4))
def test_unrelated_sound_earns_no_confidence(seed: int) -> None:
    rng = np.random.default_rng(seed)
    seen = flash_and_beep(sorted(rng.uniform(0.2, 9, 12)), seconds=10)
    heard = flash_and_beep(sorted(rng.uniform(0.2, 9, 12)), seconds=10)
    clip = from_arrays(seen.frames().images, FPS, heard.audio())
    assert Sync().measure(clip)["sync_confidence"] < 0.2


def test_a_steady_rhythm_is_ambiguous() -> None:
    """Beats 0.4 s apart fit as well one beat later."""
    clip = flash_and_beep(list(np.arange(0.4, 9.6, 0.4)), seconds=10)
    assert Sync().measure(clip)["sync_confidence"] < 0.5


def test_no_sound_event_or_no_motion_is_unknown() -> None:
    nothing = {"sync_offset_s": None, "sync_confidence": None, "sync_events": 0}
    assert Sync().measure(silence(2)) == nothing
    assert Sync().measure(from_arrays(grey(4), FPS, sine(4))) == nothing
    beep = flash_and_beep(TIMES_S, seconds=8)
    still = Sync().measure(from_arrays(grey(8), FPS, beep.audio()))
    assert still == {**nothing, "sync_events": 4}


def test_the_search_stops_at_the_longest_offset_asked_for() -> None:
    clip = flash_and_beep(TIMES_S, offset_s=1.0, seconds=8)
    assert abs(Sync(max_offset_s=0.4).measure(clip)["sync_offset_s"]) <= 0.4
