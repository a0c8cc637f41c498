"""Sounds that edits are measured on."""

import numpy as np
import pytest

from acav1m.agent.bench_signals import notes, speech


@pytest.mark.parametrize("make", [speech, notes])
@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 48_000])
def test_they_are_repeatable_level_and_of_their_length(make, rate_hz):
    first, again = (make(np.random.default_rng(1), 2, rate_hz) for _ in range(2))
    assert np.array_equal(first, again)
    assert first.shape == (2 * rate_hz,)
    assert first.dtype == np.float32
    assert np.abs(first).max() == pytest.approx(0.5)


def test_speech_pauses_and_its_pitch_moves():
    sound = speech(np.random.default_rng(1), 10, 16_000)
    levels = np.abs(sound[: sound.size // 1600 * 1600]).reshape(-1, 1600).max(axis=1)
    assert 0.03 < np.mean(levels < 0.001) < 0.5
