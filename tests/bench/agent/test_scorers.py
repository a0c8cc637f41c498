"""Who looks."""

import pytest

from acav1m.bench.agent import scorers
from acav1m.errors import AcavError
from acav1m.testing import silence, tone


def test_a_sound_is_looked_at_once_whoever_asks():
    asked = []

    def looks(clip):
        asked.append(clip)
        return {"score": len(asked)}

    look, clip = scorers.Remembered(looks), tone(1)
    same, other = clip.with_sound(clip.audio()), clip.with_sound(clip.audio() / 2)
    assert [look(one)["score"] for one in (clip, same, other, same)] == [1, 1, 2, 1]
    assert len(asked) == 2
    assert same.columns["score"] == 1


def test_the_other_scorer_is_never_the_one_that_reflection_asks():
    for model in scorers.MODELS:
        asked = scorers.reflection(model).steps["aligners.temporal"].model
        other = scorers.other(model).steps["aligners.temporal"].model
        assert asked == model != other


def test_silence_has_no_caption_to_compare():
    assert scorers.in_words(silence(2)) is None


def test_words_and_picture_are_compared_by_cosine():
    found = scorers.in_words(tone(2))
    assert -1 <= found.alignment <= 1
    assert -1 <= found.temporal <= 1


def test_a_wrong_model_is_refused():
    with pytest.raises(AcavError, match="did you mean 'embedded'"):
        scorers.model_named("embeddd")
