"""Tones whose loudness the standard states."""

import numpy as np
import pytest

from acav1m.measures.loudness import Loudness
from acav1m.testing import FPS, from_arrays, grey, silence, sine, tone


def test_stereo_reference_tone_of_ebu_tech_3341() -> None:
    channels = np.stack([sine(5, hz=1000, level_db=-23, rate_hz=48_000)] * 2)
    found = Loudness().measure(from_arrays(grey(5), FPS, channels, 48_000))
    assert found["lufs"] == pytest.approx(-23, abs=0.1)
    assert found["peak_db"] == pytest.approx(-23, abs=1)


def test_twice_as_loud_is_six_lu_more() -> None:
    quiet, loud = (Loudness().measure(tone(level_db=level))["lufs"] for level in (-26, -20))
    assert loud - quiet == pytest.approx(6, abs=0.1)


def test_silence_has_no_loudness() -> None:
    assert Loudness().measure(silence(1)) == {"lufs": None, "peak_db": None}


def test_sound_below_the_gate_has_a_peak_but_no_loudness() -> None:
    found = Loudness().measure(tone(level_db=-84))
    assert found["lufs"] is None
    assert found["peak_db"] < -70


def test_sound_shorter_than_a_block_has_a_peak_but_no_loudness() -> None:
    found = Loudness().measure(from_arrays(grey(0.2), FPS, sine(0.2)))
    assert found["lufs"] is None
    assert found["peak_db"] == pytest.approx(-20, abs=1.5)
