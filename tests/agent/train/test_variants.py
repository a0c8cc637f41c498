"""Variants are other questions with right answers, within what may be observed."""

from __future__ import annotations

from collections import Counter

from acav1m.agent.train.answer import answer
from acav1m.agent.train.data import called_for
from acav1m.agent.train.example import Example
from acav1m.agent.train.variants import varied


def test_variants_differ_and_are_answered_anew(imagined: list[Example]) -> None:
    some = imagined[:90]
    made = list(varied(some, 2, seed=0))
    assert made[::3] == some
    assert all(one.plan == answer(one.asked) for one in made)
    assert len({one.asked.model_dump_json() for one in made}) > 0.9 * len(made)
    assert made == list(varied(some, 2, seed=0))
    assert made != list(varied(some, 2, seed=1))


def test_variants_call_for_the_same_action(imagined: list[Example]) -> None:
    some = imagined[:90]
    for k, one in enumerate(varied(some, 4, seed=0)):
        assert called_for(one) == called_for(some[k // 5])


def test_sound_comes_early_as_often_as_late(imagined: list[Example]) -> None:
    late = [one for one in imagined if one.fault == "late"]
    made = varied(late[:20], 10, seed=0)
    sides = Counter((one.asked.observation.timing.offset_s or 0) > 0 for one in made)
    assert min(sides.values()) > 0.35 * sum(sides.values())


def test_no_variant_is_louder_than_full_scale(imagined: list[Example]) -> None:
    made = varied([one for one in imagined if one.fault == "loud"][:20], 10, seed=0)
    levels = [one.asked.observation.level for one in made]
    assert all((level.peak_db or 0) <= 0 for level in levels)
    assert all(-50 <= (level.target_lufs or -9) <= -9 for level in levels)
