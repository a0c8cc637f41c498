import itertools
from fractions import Fraction

import av
import numpy as np
import pytest

from acav1m.media import encode

FLASHES_S = (0.48, 1.0, 1.76)
CONTAINERS = [
    ("mp4", None, None, 16_000),
    ("mp4", None, None, 44_100),
    ("mp4", "libx264", "libmp3lame", 48_000),
    ("mov", None, None, 48_000),
    ("mkv", None, None, 44_100),
    ("mkv", None, "aac", 16_000),
    ("webm", None, None, 48_000),
    ("webm", "libvpx", None, 16_000),
    ("avi", None, None, 22_050),
    ("avi", "mpeg4", "pcm_s16le", 16_000),
]


def flash_and_beep(*, fps=25.0, rate_hz=16_000, seconds=2.4, channels=1):
    """White pictures and 1 kHz beeps that begin at the same instants."""
    frames = np.full((round(seconds * fps), 64, 96, 3), 16, np.uint8)
    audio = np.zeros((channels, round(seconds * rate_hz)), np.float32)
    beep = 0.7 * np.cos(2 * np.pi * 1000 * np.arange(rate_hz // 25) / rate_hz)
    for flash_s in FLASHES_S:
        first, start = round(flash_s * fps), round(flash_s * rate_hz)
        frames[first : first + 2] = 240
        audio[:, start : start + len(beep)] = beep
    return frames, audio


def flashes_s(path):
    with av.open(str(path)) as container:
        seen = [(f.time, f.to_ndarray(format="gray").mean()) for f in container.decode(video=0)]
    pairs = itertools.pairwise(seen)
    return [time for (_, before), (time, now) in pairs if before < 128 <= now]


def decoded_sound(path):
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="fltp", layout="mono")
        frames = list(container.decode(audio=0))
        chunks = [r.to_ndarray() for f in frames for r in resampler.resample(f)]
    return np.concatenate(chunks, axis=1)[0], frames[0].time, frames[0].sample_rate


def beeps_s(path):
    samples, start_s, rate_hz = decoded_sound(path)
    loud = np.flatnonzero(np.abs(samples) > 0.25)
    onsets = loud[np.diff(loud, prepend=-rate_hz) > rate_hz // 5]
    return start_s + onsets / rate_hz


@pytest.mark.parametrize(("suffix", "video_codec", "audio_codec", "rate_hz"), CONTAINERS)
def test_flash_and_beep_stay_together(tmp_path, suffix, video_codec, audio_codec, rate_hz):
    path = tmp_path / f"clip.{suffix}"
    frames, audio = flash_and_beep(rate_hz=rate_hz)
    codecs = {"video_codec": video_codec, "audio_codec": audio_codec}
    encode.write(path, frames, 25.0, audio, rate_hz, **codecs)
    assert flashes_s(path) == pytest.approx(FLASHES_S, abs=1e-3)
    assert beeps_s(path) == pytest.approx(FLASHES_S, abs=1e-3)


@pytest.mark.parametrize(("suffix", "video_codec", "audio_codec", "rate_hz"), CONTAINERS)
def test_same_input_same_bytes(tmp_path, suffix, video_codec, audio_codec, rate_hz):
    frames, audio = flash_and_beep(rate_hz=rate_hz, seconds=2.0)
    codecs = {"video_codec": video_codec, "audio_codec": audio_codec}
    paths = [tmp_path / f"{name}.{suffix}" for name in "ab"]
    for path in paths:
        encode.write(path, frames, 25.0, audio, rate_hz, **codecs)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_sound_is_not_moved_by_a_sample_in_a_lossless_container(tmp_path):
    frames, _ = flash_and_beep()
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 38_400).astype(np.float32)
    encode.write(tmp_path / "clip.mkv", frames, 25.0, noise, 16_000)
    samples, start_s, _ = decoded_sound(tmp_path / "clip.mkv")
    assert start_s == 0
    assert len(samples) == len(noise)
    assert np.abs(samples - noise).max() < 1e-3


def test_aac_in_mp4_is_in_step_to_the_sample(tmp_path):
    frames, _ = flash_and_beep()
    noise = np.random.default_rng(0).normal(0, 0.1, 38_400)
    slow = np.convolve(noise, np.ones(8) / 8, "same").astype(np.float32)
    encode.write(tmp_path / "clip.mp4", frames, 25.0, slow, 16_000)
    samples, _, _ = decoded_sound(tmp_path / "clip.mp4")
    match = [np.dot(samples[100 + lag : 30_100 + lag], slow[100:30_100]) for lag in range(-50, 51)]
    assert int(np.argmax(match)) - 50 == 0


def test_fractional_rate_and_stereo_hold(tmp_path):
    frames, audio = flash_and_beep(fps=30_000 / 1001, rate_hz=48_000, channels=2)
    audio[1] *= 0.5
    encode.write(tmp_path / "clip.mp4", frames, 30_000 / 1001, audio, 48_000)
    with av.open(str(tmp_path / "clip.mp4")) as container:
        assert container.streams.video[0].average_rate == Fraction(30_000, 1001)
        assert container.streams.audio[0].channels == 2
        assert container.streams.video[0].frames == len(frames)


@pytest.mark.parametrize("suffix", [".txt", ".MP4", ""])
def test_unknown_suffix_is_refused(tmp_path, suffix):
    frames, audio = flash_and_beep()
    with pytest.raises(ValueError, match="no container"):
        encode.write(tmp_path / f"clip{suffix}", frames, 25.0, audio, 16_000)


@pytest.mark.parametrize("codecs", [{"audio_codec": "libmp3lame"}, {"video_codec": "libx264"}])
def test_what_avi_would_delay_is_refused(tmp_path, codecs):
    frames, audio = flash_and_beep()
    with pytest.raises(ValueError, match="out of step"):
        encode.write(tmp_path / "a.avi", frames, 25.0, audio, 16_000, **codecs)


def test_odd_sides_are_refused(tmp_path):
    with pytest.raises(ValueError, match="even"):
        encode.write(
            tmp_path / "a.mp4", np.zeros((5, 31, 32, 3), np.uint8), 25.0, np.zeros(3200), 16_000
        )
