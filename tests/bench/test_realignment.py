"""Whose sound a build would move."""

import pytest

from acav1m import plan
from acav1m.bench.realignment import shifts_s

SURE = {"sync_confidence": 0.95, "sync_events": 4, "duration_s": 5.0}


@pytest.fixture(scope="module")
def recipe():
    return plan.resolve(
        {
            "name": "moves",
            "version": "0.1.0",
            "about": "Sound that is late.",
            "license": "CC0-1.0",
            "sources": {"synthetic": {"clips": 4}},
            "aligners": {"temporal": {"model": "onset-motion"}},
        }
    )


def row(offset_s, **more):
    return {"sync_offset_s": offset_s, **SURE, **more}


def test_late_sound_is_moved_earlier_if_that_mends_it(recipe):
    assert shifts_s(recipe, [row(1.0)], [row(0.02, duration_s=4.0)]) == [-1.0]


def test_it_stays_if_that_mends_nothing(recipe):
    assert shifts_s(recipe, [row(1.0)], [row(0.6, duration_s=4.0)]) == [0.0]


@pytest.mark.parametrize(
    "usual",
    [row(0.05), row(1.0, sync_confidence=0.3), row(1.0, sync_events=0), row(None)],
    ids=["in step", "not sure", "nothing heard", "unknown"],
)
def test_what_is_not_surely_out_of_step_is_left_alone(recipe, usual):
    assert shifts_s(recipe, [usual], [row(0.0)]) == [0.0]


def test_each_clip_gets_its_own_shift(recipe):
    rows = [row(0.5), row(0.0), row(-0.75)]
    moved = [row(0.0, duration_s=4.5), None, row(0.04, duration_s=4.25)]
    assert shifts_s(recipe, rows, moved) == [-0.5, 0.0, 0.75]


def test_without_an_offset_in_the_recipe_nothing_moves(recipe):
    nothing = plan.resolve(
        {**recipe.recipe.model_dump(mode="json", exclude={"aligners"}, exclude_defaults=True)}
    )
    assert shifts_s(nothing, [row(1.0)], [row(0.0)]) == [0.0]
