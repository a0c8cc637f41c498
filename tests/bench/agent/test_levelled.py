"""Clean clips at one loudness, and faults planted in them."""

import numpy as np
import pytest

from acav1m.agent.faults.offset import Offset
from acav1m.bench.agent.levelled import levelled
from acav1m.bench.subject import Subject
from acav1m.errors import ClipError
from acav1m.measures.loudness import integrated_lufs
from acav1m.synth import level, scene
from acav1m.synth.stock import RENDERER
from acav1m.testing import silence, tone


@pytest.fixture(scope="module")
def subject():
    return Subject(scene.render("siren", 4, width=32, height=32), tone(5))


def test_it_has_the_loudness_asked_for_in_truth_and_clip(subject):
    clean, _ = levelled(subject, RENDERER, -30)
    lufs = integrated_lufs(clean.truth.audio[None], 16_000)
    assert lufs == pytest.approx(-30, abs=0.05)
    assert np.array_equal(clean.clip.audio(), clean.truth.audio)


def test_what_is_heard_beyond_its_ends_goes_on_as_loud(subject):
    """A late sound is the clean one moved, and not one that is louder or quieter as well."""
    clean, stock = levelled(subject, RENDERER, -30)
    late = Offset(offset_s=0.5).plant(clean.truth, 1, stock=stock)
    assert np.allclose(late.audio[8_000:], clean.truth.audio[:-8_000], atol=1e-6)


def test_it_never_clips_beyond_the_ends(subject):
    _, stock = levelled(subject, RENDERER, -9)
    loud = stock.heard("siren", 4, 5.0, 16_000, start_s=-2.5, length_s=10)
    assert np.abs(loud).max() <= level.CEILING + 1e-6


def test_the_rest_of_the_stock_is_as_it_was(subject):
    _, stock = levelled(subject, RENDERER, -30)
    assert stock.names() == RENDERER.names()
    assert stock.others("bell") == RENDERER.others("bell")
    assert stock.margin_s("bell", 5) == RENDERER.margin_s("bell", 5)
    assert stock.siblings("bell") == ["bell"]
    assert stock.captions("bell", 3, 5) == RENDERER.captions("bell", 3, 5)


def test_silence_cannot_be_levelled(subject):
    mute = Subject(scene.render("siren", 4, width=32, height=32), silence(5))
    mute.truth.audio[:] = 0
    with pytest.raises(ClipError, match="no sound"):
        levelled(mute, RENDERER, -23)
