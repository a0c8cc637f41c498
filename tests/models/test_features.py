"""Sound, picture and text as the embedded model takes them in."""

import numpy as np
import pytest

from acav1m.media.decode import Frames
from acav1m.models import features
from acav1m.testing import flash_and_beep, silence, sine, tone


def numbered(times_s: list[float]) -> Frames:
    """Pictures whose value is their number."""
    images = np.arange(len(times_s), dtype=np.uint8)[:, None, None, None]
    return Frames(np.asarray(times_s), np.broadcast_to(images, (len(times_s), 2, 2, 3)))


@pytest.mark.parametrize(("n_seconds", "frames"), [(1, 13), (2, 25), (5, 63), (10, 125)])
def test_seconds_fit_the_grid(n_seconds: int, frames: int) -> None:
    assert features.length(n_seconds) == frames
    assert np.diff(features.starts(n_seconds)).tolist() in (
        [],
        [12],
        [12, 13] * 2,
        [12, 13] * 4 + [12],
    )


def test_sound_and_picture_share_one_grid_with_context() -> None:
    clip = tone(3)
    frames = features.length(3) + 2 * features.CONTEXT

    assert features.seconds(clip) == 3
    assert features.clip_mel(clip).shape == (8 * frames, 64)
    assert features.clip_pictures(clip).shape == (frames, 64, 64, 3)


def test_a_clip_shorter_than_a_second_still_has_one() -> None:
    assert features.seconds(tone(0.4)) == 1


def test_full_scale_is_one_and_silence_minus_one() -> None:
    loud = features.mel(sine(1, hz=1000, level_db=0), 13)
    inside = loud[features.CONTEXT * 8 + 2 : features.CONTEXT * 8 + 98]

    assert np.allclose(inside.max(axis=1), 1, atol=0.05)
    assert np.allclose(features.mel(np.zeros(16_000, np.float32), 13), -1)


def test_twenty_decibels_are_two_fifths() -> None:
    loud, soft = (features.mel(sine(1, level_db=level), 13).max() for level in (-10, -30))

    assert loud - soft == pytest.approx(0.4, abs=1e-3)


def test_context_is_silent() -> None:
    spectrogram = features.mel(sine(1), 13)

    assert np.allclose(spectrogram[: features.CONTEXT * 8 - 1], -1)
    assert np.allclose(spectrogram[features.CONTEXT * 8 + 101 :], -1)


def test_an_onset_is_at_its_time() -> None:
    click = np.zeros(16_000, np.float32)
    click[8000:] = sine(0.5)
    first = int(np.argmax(features.mel(click, 13).max(axis=1) > -0.5))

    assert (first - features.CONTEXT * 8) / 100 == pytest.approx(0.5, abs=0.011)


def test_longer_sound_than_picture_is_cut() -> None:
    assert features.mel(sine(9), 13).shape == features.mel(sine(1), 13).shape


def test_the_nearest_picture_is_taken() -> None:
    taken = features.pictures(numbered([0.0, 0.05, 0.1, 0.2]), 3)[:, 0, 0, 0]

    assert taken[features.CONTEXT : -features.CONTEXT].tolist() == [1, 2, 3]  # 0.04, 0.12, 0.20 s
    assert set(taken[: features.CONTEXT]) == {0}
    assert set(taken[-features.CONTEXT :]) == {3}


def test_a_flash_is_motion_and_grey_is_not() -> None:
    flashing = features.motion(features.clip_pictures(flash_and_beep([0.5, 1.5], seconds=2)))

    assert flashing.max() > 100
    assert features.motion(features.clip_pictures(silence(2))).max() < 1


def test_text_ignores_case_and_punctuation() -> None:
    one, other = (features.text([text])[0].tolist() for text in ("A red ball!", "a red  ball"))

    assert one == other


def test_no_text_is_an_empty_mask() -> None:
    ids, mask = features.text([""])

    assert ids.shape == (1, 1)
    assert not mask.any()
