"""One pass over a clip gives pictures at every size, their times and the sound."""

from pathlib import Path

import numpy as np
import pytest

from acav1m.clip import Clip, View
from acav1m.errors import ClipError
from acav1m.media import decode
from acav1m.testing import FPS, flash_and_beep, from_arrays, grey, sine, tone


def test_pictures_have_the_views_size_and_their_times(tmp_path: Path) -> None:
    found = decode.clip(tone(1, folder=tmp_path).mp4, [View(), View(16, 8)])
    assert found.frames[View()].images.shape == (25, 64, 64, 3)
    assert found.frames[View(16, 8)].images.shape == (25, 8, 16, 3)
    assert found.frame_times_s == pytest.approx(np.arange(25) / 25)
    assert (found.width, found.height, found.fps) == (64, 64, 25)


def test_colours_come_back_in_their_order() -> None:
    frames = np.zeros((5, 64, 64, 3), np.uint8)
    frames[:] = (200, 60, 20)
    images = from_arrays(frames, FPS, sine(0.2)).frames().images
    assert images.mean(axis=(0, 1, 2)) == pytest.approx([200, 60, 20], abs=6)


def test_without_views_only_the_sound_is_kept(tmp_path: Path) -> None:
    found = decode.clip(tone(1, folder=tmp_path).mp4)
    assert found.frames == {}
    assert len(found.frame_times_s) == 25
    assert found.track.samples.dtype == np.float32


def test_sound_keeps_its_rate_channels_and_level() -> None:
    left = sine(1, rate_hz=44_100, level_db=-6)
    clip = from_arrays(grey(1), FPS, np.stack([left, 0.5 * left]), 44_100)
    track = clip.track()
    assert track.rate_hz == 44_100
    rms = np.sqrt((track.samples[:, 4410:40_000] ** 2).mean(axis=1))
    assert rms == pytest.approx([0.354, 0.177], rel=0.02)


def test_flac_comes_back_exactly() -> None:
    clip = tone(1)
    expected = np.round(sine(1) * 32_768) / 32_768
    assert np.abs(clip.audio() - expected).max() <= 1 / 32_768


def test_another_rate_is_resampled() -> None:
    clip = tone(1, hz=500)
    audio = clip.audio(48_000)
    assert audio.shape == (48_000,)
    assert int(np.abs(np.fft.rfft(audio)).argmax()) == 500


def test_a_clip_is_decoded_once_for_all_its_views(monkeypatch: pytest.MonkeyPatch) -> None:
    passes: list[object] = []
    once = decode.clip
    monkeypatch.setattr(decode, "clip", lambda *args: passes.append(args) or once(*args))
    made = flash_and_beep([1])
    clip = Clip(made.mp4.with_suffix(""), views=[View(), View(32, 32)])
    clip.frames()
    clip.frames(View(32, 32))
    clip.track()
    assert len(passes) == 1
    clip.frames(View(8, 8))
    assert len(passes) == 2


@pytest.mark.parametrize("content", [b"", b"no media at all"])
def test_what_is_no_media_does_not_decode(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    for read in (decode.clip, decode.flac):
        with pytest.raises(ClipError, match="does not decode") as failure:
            read(path)
        assert failure.value.kind == "undecodable"


def test_a_clip_without_pictures_says_so(tmp_path: Path) -> None:
    made = tone(1, folder=tmp_path)
    with pytest.raises(ClipError, match="lacks a picture or sound stream"):
        decode.clip(made.flac)
