"""The sound's channels tell when, not how loud."""

import numpy as np
import pytest

from acav1m.models.timing import sound
from acav1m.testing import flash_and_beep


def test_channels_do_not_know_the_gain() -> None:
    mel = sound.mel(flash_and_beep([0.4, 1.5], seconds=3).audio(), 75)

    assert sound.channels(mel).shape == (300, sound.CHANNELS)
    assert np.allclose(sound.channels(mel), sound.channels(mel - np.float32(0.2)), atol=0.02)


def test_a_beep_rises_when_it_begins() -> None:
    clip = flash_and_beep([1.0], seconds=3)
    rise = sound.channels(sound.mel(clip.audio(), 75))[:, 64:].max(axis=1)

    assert np.argmax(rise) * 0.01 == pytest.approx(1.0, abs=0.02)


def test_a_spectrogram_of_part_of_the_frames_is_the_start_of_the_whole() -> None:
    samples = flash_and_beep([0.4, 1.5], seconds=3).audio()

    assert np.allclose(sound.mel(samples, 40)[:155], sound.mel(samples, 75)[:155], atol=1e-5)


def test_sound_that_ends_early_is_followed_by_silence() -> None:
    mel = sound.mel(np.ones(1600, np.float32), 50)

    assert mel.shape == (200, 64)
    assert mel[20:].max() == pytest.approx(-1)
