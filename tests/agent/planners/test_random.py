"""The control planner is random, seeded, and allowed what every planner is."""

import json

import pytest

from acav1m.agent import action as actions
from acav1m.agent.observation import Observation
from acav1m.agent.plan import Plan
from acav1m.agent.planner import Asked, Tried, load
from acav1m.agent.planners.random import NARROWER, Random, ranges
from acav1m.agent.scores import Scores
from acav1m.agent.transform import Transform

ASKED = Asked(observation=Observation(duration_s=5))


def drawn(seeds):
    return [Random(seed=seed).plan(ASKED).plan for seed in range(seeds)]


def test_every_action_is_drawn_about_equally_often():
    plans = drawn(800)
    counts = dict.fromkeys(actions.names(), 0)
    for plan in plans:
        [act] = plan.acts()
        counts[act.name()] += 1
    assert min(counts.values()) > 60
    assert max(counts.values()) < 140


def test_the_same_seed_and_question_give_the_same_answer_and_others_do_not():
    assert drawn(5) == drawn(5)
    assert len({plan.model_dump_json() for plan in drawn(30)}) == 30
    tried = Tried(transform=Transform(), scores=Scores(), accepted=False, outcome="worse")
    again = Asked(observation=ASKED.observation, history=(tried,))
    assert Random(seed=3).plan(again) != Random(seed=3).plan(ASKED)


def test_what_it_draws_is_a_valid_plan():
    for plan in drawn(40):
        assert Plan.parse(json.dumps(plan.told())) == plan


@pytest.mark.parametrize("name", actions.names())
def test_parameters_stay_in_their_spans_and_fill_them(name):
    kind = actions.load(name)
    acts = [plan.acts()[0] for plan in drawn(1500)]
    mine = [act for act in acts if act.name() == name]
    for parameter, (low, high) in ranges(kind).items():
        values = [getattr(act, parameter) for act in mine]
        assert low <= min(values) < low + (high - low) / 8
        assert high >= max(values) > high - (high - low) / 8


def test_narrower_spans_lie_within_what_is_allowed():
    for (name, parameter), (low, high) in NARROWER.items():
        limits = actions.load(name).model_json_schema()["properties"][parameter]
        assert limits["minimum"] <= low < high <= limits["maximum"]


def test_it_is_found_by_its_name():
    assert load("random") is Random
