"""Facts of clips made to order."""

import numpy as np
import pytest

from acav1m.measures.probe import Probe
from acav1m.testing import FPS, from_arrays, grey, sine


def test_facts_of_a_stereo_clip() -> None:
    frames = np.zeros((30, 36, 64, 3), np.uint8)
    clip = from_arrays(frames, 15, np.stack([sine(2, rate_hz=48_000)] * 2), 48_000)
    facts = Probe().measure(clip)
    gap_s = facts.pop("av_length_gap_s")
    assert facts == {
        "width_px": 64,
        "height_px": 36,
        "fps": 15.0,
        "frames": 30,
        "audio_rate_hz": 48_000,
        "audio_channels": 2,
    }
    assert 0 <= gap_s <= 1024 / 48_000


def test_longer_sound_is_a_gap() -> None:
    facts = Probe().measure(from_arrays(grey(1), FPS, sine(1.5)))
    assert facts["av_length_gap_s"] == pytest.approx(0.5, abs=1024 / 16_000)


def test_one_picture_has_no_rate() -> None:
    facts = Probe().measure(from_arrays(grey(0.04), FPS, sine(0.04)))
    assert (facts["frames"], facts["fps"]) == (1, None)
