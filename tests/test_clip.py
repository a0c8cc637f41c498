"""A clip with other sound is the same clip to look at."""

import gc

import numpy as np
import pytest

from acav1m import signals
from acav1m.aligners.temporal import Temporal
from acav1m.clip import View
from acav1m.testing import flash_and_beep, sine, tone

FLASHES_S = [1, 1.7, 3.1]
TIMING = Temporal(model="onset-motion")


@pytest.fixture
def clip():
    made = flash_and_beep(FLASHES_S, seconds=5)
    made.columns["caption"] = "flashes"
    return made


def test_other_sound_is_heard_and_the_original_keeps_its_own(clip):
    before = clip.audio().copy()
    sound = sine(5, hz=300)

    other = clip.with_sound(sound)

    assert np.array_equal(other.audio(), sound)
    assert np.array_equal(other.track().samples, sound[None])
    assert (other.track().rate_hz, other.track().start_s) == (16_000, 0.0)
    assert np.array_equal(clip.audio(), before)


def test_sound_of_another_rate_lasts_as_long(clip):
    other = clip.with_sound(sine(5, hz=300, rate_hz=48_000), 48_000)

    assert np.allclose(other.audio()[800:-800], sine(5, hz=300)[800:-800], atol=1e-3)
    assert other.track().rate_hz == 48_000
    assert other.audio(8000).shape == (40_000,)


def test_pictures_are_decoded_once_for_all(clip, monkeypatch):
    early = clip.with_sound(sine(5))
    pictures = clip.frames()
    monkeypatch.setattr("acav1m.clip.decode.clip", None)

    assert early.frames() is pictures
    assert clip.with_sound(sine(5)).with_sound(sine(5, hz=200)).frames() is pictures


def test_a_view_that_only_the_other_asks_for_is_decoded(clip):
    assert clip.with_sound(sine(5)).frames(View(32, 16)).images.shape == (125, 16, 32, 3)


def test_what_was_made_of_sound_is_made_anew_and_what_was_made_of_pictures_is_not(clip):
    loud = clip.memo("level", lambda: "loud")
    bright = clip.memo("light", lambda: "bright", of_pictures=True)
    other = clip.with_sound(sine(5))

    assert other.memo("level", lambda: "low") == "low"
    assert clip.memo("level", lambda: "none") == loud
    assert other.memo("light", lambda: "dark", of_pictures=True) == bright


def test_columns_are_copied(clip):
    other = clip.with_sound(sine(5))
    other.columns["caption"] = "a tone"

    assert clip.columns == {"caption": "flashes"}


def test_a_measure_hears_the_other_sound(clip):
    in_step = TIMING.measure(clip)["sync_offset_s"]
    late = np.roll(clip.audio(), round(0.4 * 16_000))

    assert TIMING.measure(clip.with_sound(late))["sync_offset_s"] == pytest.approx(
        in_step + 0.4, abs=0.02
    )
    assert signals.motion(clip.with_sound(late)) is signals.motion(clip)


def test_the_other_keeps_the_files_of_the_original():
    """The pictures are decoded when first asked for, so the files must stay till then."""
    other = tone(1).with_sound(sine(1))
    gc.collect()

    assert len(other.frames().images) == 25
