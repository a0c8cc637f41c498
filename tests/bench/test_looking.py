"""Which steps look at the clips, and whom they ask."""

import pytest

from acav1m import plan
from acav1m.bench import looking
from acav1m.errors import AcavError

RECIPE = {
    "name": "looks",
    "version": "0.1.0",
    "about": "Whose columns are wanted.",
    "license": "CC0-1.0",
    "sources": {"synthetic": {"clips": 4}},
    "measures": {"silent_share": {}, "loudness": {}, "motion": {}},
    "captioners": {"embedded": {}},
    "aligners": {"language": {}, "instance": {}},
}
EVERYTHING = {"silent_share", "lufs", "motion", "language_score", "instance_score"}


@pytest.fixture
def looks():
    return plan.resolve(RECIPE)


def labels(found):
    return [look.prefix + look.label for [*some] in found.values() for look in some]


def test_only_what_is_wanted_looks(looks):
    found = looking.backends(looks, (), {"silent_share"})
    assert labels(found) == ["measures.silent_share"]


def test_what_is_read_is_wanted_too(looks):
    found = looking.backends(looks, (), {"language_score"})
    assert labels(found) == ["captioners.embedded", "aligners.language"]


def test_the_caption_that_came_with_a_clip_is_compared_beside(looks):
    [found] = looking.backends(looks, (), {"source_language_score"}).values()
    beside = found[-1]
    assert beside.step.against == "source_caption"
    assert beside.columns() == ["source_language_score", "source_language_score_raw"]
    assert looking.raw(found) == {"source_language_score": "source_language_score_raw"}


def test_without_a_model_named_the_recipe_stays_as_it_is(looks):
    found = looking.backends(looks, (), EVERYTHING)
    assert list(found) == ["embedded"]
    assert {look.label: look.step for look in found["embedded"]} == looks.lookers


def test_a_recipe_without_models_is_one_of_signals():
    signals = plan.resolve({**RECIPE, "captioners": {}, "aligners": {}})
    assert list(looking.backends(signals, (), EVERYTHING)) == ["signals"]


def test_a_model_that_no_aligner_has_is_refused_with_the_nearest(looks):
    with pytest.raises(AcavError, match="no aligner of looks has it; did you mean 'embedded'"):
        looking.backends(looks, ("embed",), EVERYTHING)


def test_a_look_comes_back_from_its_spec(looks):
    for look in looking.backends(looks, ("embedded",), EVERYTHING)["embedded"]:
        assert looking.made(look.spec()) == look
