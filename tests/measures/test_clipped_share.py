"""Sound that was overdriven on purpose, coded with AAC, and sound that was not."""

import numpy as np
import pytest

from acav1m.measures.clipped_share import ClippedShare
from acav1m.testing import FPS, from_arrays, grey, silence, sine, tone

RATE_HZ = 48_000


def share(audio: np.ndarray) -> float:
    found = ClippedShare().measure(from_arrays(grey(2), FPS, audio.astype(np.float32), RATE_HZ))
    return float(found["clipped_share"])


def music(seed: int = 0) -> np.ndarray:
    """Eight partials that come and go, peak 1."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(2 * RATE_HZ) / RATE_HZ
    partials = [
        np.sin(2 * np.pi * rng.uniform(80, 1500) * time_s)
        * np.sin(2 * np.pi * rng.uniform(0.3, 3) * time_s + rng.uniform(0, 6))
        for _ in range(8)
    ]
    total = np.sum(partials, axis=0)
    return total / np.abs(total).max()


@pytest.mark.parametrize("hz", [60, 440, 3000, 9000])
def test_a_clean_sine_at_full_scale_is_not_clipped(hz: float) -> None:
    assert share(sine(2, hz=hz, level_db=0, rate_hz=RATE_HZ)) == 0


@pytest.mark.parametrize("gain", [1.3, 1.5, 3, 10])
def test_an_overdriven_sine_is_clipped_where_it_left_the_range(gain: float) -> None:
    driven = gain * sine(2, hz=220, level_db=0, rate_hz=RATE_HZ)
    truth = np.mean(np.abs(driven) > 1)
    assert share(driven.clip(-1, 1)) == pytest.approx(truth, abs=0.12)


@pytest.mark.parametrize("seed", range(3))
def test_clean_music_is_hardly_clipped_and_overdriven_music_is(seed: int) -> None:
    assert share(music(seed)) < 0.002
    driven = 4 * music(seed)
    truth = np.mean(np.abs(driven) > 1)
    assert share(driven.clip(-1, 1)) == pytest.approx(truth, rel=0.25)


def test_turning_it_down_afterwards_hides_nothing() -> None:
    assert share(0.3 * (4 * music()).clip(-1, 1)) > 0.2


def test_white_noise_is_not_clipped() -> None:
    assert share(np.random.default_rng(0).normal(0, 0.2, 2 * RATE_HZ)) < 0.002


def test_silence_and_a_quiet_tone_are_not_clipped() -> None:
    assert ClippedShare().measure(silence(1)) == {"clipped_share": 0.0}
    assert ClippedShare().measure(tone(1, level_db=-50)) == {"clipped_share": 0.0}
