"""Clips made on the spot hold what their makers say."""

from pathlib import Path

import numpy as np
import pytest

from acav1m.testing import FPS, flash_and_beep, from_arrays, grey, silence, sine, tone


def test_a_tone_has_its_level_pitch_and_length() -> None:
    audio = tone(1, hz=500, level_db=-12).audio()
    assert audio.shape == (16_000,)
    assert np.abs(audio).max() == pytest.approx(10 ** (-12 / 20), rel=0.01)
    assert int(np.abs(np.fft.rfft(audio)).argmax()) == 500


def test_silence_is_digital_in_both_files() -> None:
    clip = silence(1)
    assert not clip.audio().any()
    assert not clip.track().samples.any()


@pytest.mark.parametrize("offset_s", [0, 0.3, -0.25])
def test_beeps_come_when_they_should_in_both_files(offset_s: float) -> None:
    clip = flash_and_beep([1, 2], offset_s=offset_s, seconds=3)
    track = clip.track()
    for samples, rate_hz, start_s in [
        (clip.audio(), 16_000, 0.0),
        (track.samples[0], track.rate_hz, track.start_s),
    ]:
        first_s = np.flatnonzero(np.abs(samples) > 0.25)[0] / rate_hz + start_s
        assert first_s == pytest.approx(1 + offset_s, abs=0.005)


def test_flashes_come_when_they_should() -> None:
    frames = flash_and_beep([1, 2.2], seconds=3).frames()
    bright = frames.images.mean(axis=(1, 2, 3)) > 200
    assert frames.times_s[bright] == pytest.approx([1, 2.2])


def test_the_flac_is_the_mean_of_the_channels() -> None:
    left = sine(1, rate_hz=48_000)
    clip = from_arrays(grey(1), FPS, np.stack([left, np.zeros_like(left)]), 48_000)
    assert np.abs(clip.audio()).max() == pytest.approx(0.05, rel=0.02)
    assert clip.track().samples.shape[0] == 2


def test_a_clip_goes_with_its_folder_unless_told_to_stay(tmp_path: Path) -> None:
    kept, gone = tone(0.2, folder=tmp_path), tone(0.2)
    left = gone.mp4.parent
    assert left.is_dir()
    del gone
    assert not left.exists()
    assert kept.mp4.is_file()


def test_the_same_call_makes_the_same_bytes() -> None:
    one, other = flash_and_beep([1]), flash_and_beep([1])
    assert one.mp4.read_bytes() == other.mp4.read_bytes()
    assert one.flac.read_bytes() == other.flac.read_bytes()
