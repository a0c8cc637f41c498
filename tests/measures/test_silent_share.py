"""Silence of known length."""

import numpy as np
import pytest

from acav1m.measures.silent_share import SilentShare
from acav1m.testing import FPS, from_arrays, grey, sine, tone


def test_a_quarter_silent() -> None:
    audio = sine(4)
    audio[16_000:32_000] = 0
    found = SilentShare().measure(from_arrays(grey(4), FPS, audio))
    assert found["silent_share"] == pytest.approx(0.25, abs=0.01)


def test_the_floor_decides() -> None:
    clip = tone(level_db=-50)
    assert SilentShare(floor_db=-60).measure(clip) == {"silent_share": 0.0}
    assert SilentShare(floor_db=-40).measure(clip) == {"silent_share": 1.0}


def test_a_sound_shorter_than_a_frame_is_unknown() -> None:
    clip = from_arrays(grey(0.04), FPS, np.zeros(100, np.float32))
    assert SilentShare().measure(clip) == {"silent_share": None}
