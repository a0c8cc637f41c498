"""A clip is scored with just the sound that is asked for, as long as its own."""

from pathlib import Path

import numpy as np
import pytest

from acav1m.calibration import sounds
from acav1m.calibration.pairs import diagnoses
from acav1m.clip import Clip
from acav1m.testing import from_arrays, grey, sine

RATE_HZ = 16_000


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """Two seconds that rise, so that every moment is known by its level."""
    ramp = np.linspace(0, 0.5, 2 * RATE_HZ, dtype=np.float32) * np.sign(sine(2, hz=1000))
    return from_arrays(grey(2), 25, ramp, folder=tmp_path_factory.mktemp("ramp"))


@pytest.fixture(scope="module")
def stem(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("tone")
    from_arrays(grey(1), 25, sine(1, hz=300), folder=folder)
    return str(folder / "clip")


def test_another_sound_goes_round_until_the_clip_ends(clip: Clip, stem: str) -> None:
    found = sounds.make(clip, sounds.other(stem))
    tone = Clip(Path(stem)).audio()

    assert found.shape == clip.audio().shape
    assert np.array_equal(found[: len(tone)], tone)
    assert np.array_equal(found[len(tone) :], tone)


def test_late_sound_is_heard_later(clip: Clip) -> None:
    own, found = clip.audio(), sounds.make(clip, sounds.shift(0.5, None))

    assert np.array_equal(found[8000:], own[:-8000])
    assert np.array_equal(found[:8000], own[-8000:])


@pytest.mark.parametrize("late_s", [0.5, -0.5])
def test_a_neighbours_sound_comes_in_at_the_end(clip: Clip, stem: str, late_s: float) -> None:
    own, tone = clip.audio(), Clip(Path(stem)).audio()
    found = sounds.make(clip, sounds.shift(late_s, stem))
    kept, came = (found[8000:], found[:8000]) if late_s > 0 else (found[:-8000], found[-8000:])

    assert found.shape == own.shape
    assert np.array_equal(kept, own[:-8000] if late_s > 0 else own[8000:])
    assert np.array_equal(came, tone[-8000:] if late_s > 0 else tone[:8000])


def test_noise_is_as_loud_as_asked(clip: Clip) -> None:
    own, found = clip.audio(), sounds.make(clip, sounds.noise(10))
    scale = found @ own / (own @ own)
    noise = found - scale * own

    assert 20 * np.log10(np.std(scale * own) / np.std(noise)) == pytest.approx(10, abs=0.5)


@pytest.mark.parametrize("name", diagnoses())
def test_it_is_the_same_each_time_and_fits(clip: Clip, name: str) -> None:
    first, again = (sounds.make(clip, diagnoses()[name]) for _ in range(2))

    assert np.array_equal(first, again)
    assert first.shape == clip.audio().shape
    assert first.dtype == np.float32
    assert np.abs(first).max() <= 1


def test_muted_is_silent_and_music_is_as_loud_as_the_clip(clip: Clip) -> None:
    assert not sounds.make(clip, sounds.MUTED).any()
    assert np.std(sounds.make(clip, sounds.DUBBED)) == pytest.approx(np.std(clip.audio()), rel=0.1)


def test_an_unknown_sound_is_a_bug(clip: Clip) -> None:
    with pytest.raises(ValueError, match="no sound"):
        sounds.make(clip, {"is": "louder"})
