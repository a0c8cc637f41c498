"""Captions by the embedded model: of the sound, of the picture, and of both."""

import numpy as np
import pytest

from acav1m.captioners.embedded import Embedded
from acav1m.clip import Clip
from acav1m.models import describe, embedded
from acav1m.synth import scene
from acav1m.testing import from_arrays, grey, silence

SEED = 2**31 + 3
"""Training draws its clips' seeds below 2**31."""


def clip_of(picture: str, sound: str) -> Clip:
    """A picture of one event with the sound of another."""
    seen, heard = (scene.render(event, SEED, seconds=3.0) for event in (picture, sound))
    return from_arrays(seen.frames, seen.fps, heard.audio, heard.rate_hz)


@pytest.fixture(scope="module")
def hammer() -> Clip:
    return clip_of("hammer", "hammer")


@pytest.fixture(scope="module")
def hammer_that_sings() -> Clip:
    return clip_of("hammer", "bird")


def test_it_adds_what_it_says(hammer: Clip) -> None:
    assert set(Embedded().measure(hammer)) == set(Embedded.adds)


def test_agreeing_captions_become_one_sentence(hammer: Clip) -> None:
    captions = Embedded().measure(hammer)

    assert captions["caption"] in embedded.load().captions["hammer"]["both"]


def test_differing_captions_are_both_stated(hammer_that_sings: Clip) -> None:
    captions = Embedded().measure(hammer_that_sings)

    assert "bird" in captions["audio_caption"]
    assert "hammer" in captions["visual_caption"]
    assert captions["audio_caption"] in captions["caption"]
    assert captions["visual_caption"] in captions["caption"]


def test_each_caption_comes_from_its_own_stream(hammer: Clip, hammer_that_sings: Clip) -> None:
    own, mixed = (Embedded().measure(clip) for clip in (hammer, hammer_that_sings))

    assert own["visual_caption"] == mixed["visual_caption"]
    assert own["audio_caption"] != mixed["audio_caption"]


def test_silence_has_no_audio_caption() -> None:
    seen = scene.render("bell", SEED, seconds=3.0)
    clip = from_arrays(seen.frames, seen.fps, np.zeros_like(seen.audio), seen.rate_hz)
    captions = Embedded().measure(clip)

    assert captions["audio_caption"] is None
    assert captions["caption"] == captions["visual_caption"]


def test_a_grey_picture_and_silence_have_no_caption() -> None:
    assert Embedded().measure(silence(3)) == dict.fromkeys(Embedded.adds)


def test_a_sound_under_a_grey_picture_is_all_there_is_to_say() -> None:
    heard = scene.render("siren", SEED, seconds=3.0)
    clip = from_arrays(grey(3), 25, heard.audio, heard.rate_hz)
    captions = Embedded().measure(clip)

    assert captions["visual_caption"] is None
    assert captions["caption"] == captions["audio_caption"] is not None


def test_doubt_is_null(hammer: Clip) -> None:
    assert Embedded(min_confidence=1).measure(hammer)["caption"] is None


def test_the_weights_are_part_of_the_identity() -> None:
    assert Embedded().identity()["weights"] == embedded.checksum()


def test_of_two_events_the_likelier_is_named() -> None:
    assert describe.top({"bell": 0.6, "drum": 0.7}, 0.5) == "drum"
