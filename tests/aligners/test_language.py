"""Whether what is heard and what is seen read alike."""

import pytest

from acav1m.aligners.language import Language
from acav1m.clip import Clip
from acav1m.models import embedded
from acav1m.synth import scene
from acav1m.testing import silence

SEED = 2**31 + 7


@pytest.fixture
def clip() -> Clip:
    return silence(1)


@pytest.mark.parametrize("event", scene.events())
def test_captions_of_one_event_agree(score, clip: Clip, event: str) -> None:
    said = scene.captions(event, SEED, 3.0)
    clip.columns.update(audio_caption=said.audio, visual_caption=said.visual)

    assert score(Language(), clip)["language_score"] > 0.5


def test_captions_of_two_events_do_not(score, clip: Clip) -> None:
    audio, visual = scene.captions("bell", SEED, 3.0).audio, scene.captions("saw", SEED, 3.0).visual
    clip.columns.update(audio_caption=audio, visual_caption=visual)
    found = score(Language(), clip)

    assert set(found) == set(Language.columns())
    assert found["language_score"] < 0.5


def test_a_wrong_source_caption_is_found(score, clip: Clip) -> None:
    step = Language(against="source_caption")
    clip.columns["caption"] = scene.captions("drum", SEED, 3.0).both
    scores = []
    for event in ("drum", "rain"):
        clip.columns["source_caption"] = scene.captions(event, SEED + 1, 3.0).both
        scores.append(score(step, clip)["language_score"])

    assert scores[0] > 0.5 > scores[1]


@pytest.mark.parametrize("missing", ["audio_caption", "visual_caption"])
def test_a_missing_caption_is_null(clip: Clip, missing: str) -> None:
    clip.columns.update(audio_caption="a bell rings", visual_caption="a bell")
    clip.columns[missing] = None

    assert Language().measure(clip) == {"language_score_raw": None}


def test_without_a_source_caption_the_score_is_null(clip: Clip) -> None:
    clip.columns["caption"] = "a bell rings"

    assert Language(against="source_caption").measure(clip)["language_score_raw"] is None


def test_the_weights_are_part_of_the_identity() -> None:
    assert Language().identity()["weights"] == embedded.checksum()
