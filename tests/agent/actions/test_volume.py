"""Volume, against the meter."""

import numpy as np
import pyloudnorm
import pytest

from acav1m.agent.actions.volume import Volume
from acav1m.agent.bench_signals import notes, speech


def lufs(sound, rate_hz: int) -> float:
    return float(pyloudnorm.Meter(rate_hz).integrated_loudness(np.atleast_2d(sound).T))


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("gain", [0.002, 0.05, 1])
@pytest.mark.parametrize("make", [speech, notes])
def test_the_target_is_met_to_a_hundredth(make, gain, rate_hz):
    sound = gain * make(np.random.default_rng(2), 3, rate_hz)
    edited = Volume(target_lufs=-30).apply(np.stack([sound, 0.5 * sound]), rate_hz)
    assert lufs(edited, rate_hz) == pytest.approx(-30, abs=0.01)


def test_peaks_stay_below_their_ceiling_and_the_shape_stays():
    sound = 0.01 * notes(np.random.default_rng(2), 3, 16_000)
    edited = Volume(target_lufs=-9, peak_ceiling_db=-6).apply(sound, 16_000)
    assert np.abs(edited).max() == pytest.approx(10 ** (-6 / 20), rel=1e-5)
    assert np.allclose(edited / np.abs(edited).max(), sound / np.abs(sound).max(), atol=1e-5)


def test_short_sound_is_brought_to_its_rms():
    sound = np.sin(np.arange(1600) * 0.4).astype(np.float32) / 100
    edited = Volume(target_lufs=-20).apply(sound, 16_000)
    assert 10 * np.log10(np.mean(edited**2)) == pytest.approx(-20, abs=0.01)


@pytest.mark.parametrize("seconds", [0.1, 2])
def test_what_nobody_hears_is_not_blown_up(seconds):
    sound = (1e-5 * np.random.default_rng(0).standard_normal(round(seconds * 16_000))).astype("f4")
    assert np.array_equal(Volume(target_lufs=-9).apply(sound, 16_000), sound)
