"""Who acts: chance is chance, and is judged as the planner is."""

import pytest

from acav1m.agent.actions.volume import Volume
from acav1m.agent.plan import Plan
from acav1m.agent.planner import Answer, Planner
from acav1m.agent.settings import Settings
from acav1m.agent.transform import Transform
from acav1m.bench.agent.policies import ACCEPTED, NONE, PLANNER, RANDOM, Policies
from acav1m.testing import tone

TURNED = Volume(target_lufs=-30)


class Fixed(Planner):
    """Turns the sound down."""

    def plan(self, asked):
        return Answer(Plan.of("too loud", TURNED))


@pytest.fixture(scope="module")
def clip():
    return tone(2)


@pytest.fixture
def act(clip):
    policies = Policies(Fixed(), Settings(max_cycles=2))

    def acting(policy, seed=1, after=0.9):
        """Every sound but the original scores `after`."""

        def look(shown):
            score = 0.1 if shown.audio() is clip.audio() else after
            return {"instance_score": score, "temporal_score": 0.5}

        return policies.act(policy, clip, look, seed, lambda: None)

    return acting


def test_nobody_does_nothing(act):
    assert act(NONE).transform == Transform()


def test_the_planner_acts_through_the_loop(act):
    found = act(PLANNER)
    assert found.transform.edits[0] == Transform.of(TURNED).edits[0]
    assert found.story.result == "edited"
    assert act(PLANNER, after=0.05).transform == Transform()


def test_chance_takes_one_action_whatever_comes_of_it(act):
    found = [act(RANDOM, seed, after=0.0) for seed in range(40)]
    assert all(len(one.transform.edits) == 1 for one in found)
    assert len({one.transform.edits[0].action for one in found}) > 4
    assert all(one.story is None for one in found)


def test_chance_is_drawn_by_the_seed(act):
    assert act(RANDOM, 3).transform == act(RANDOM, 3).transform
    assert act(RANDOM, 3).transform != act(RANDOM, 4).transform


def test_chance_with_acceptance_is_refused_as_a_planner_is(act):
    worse = [act(ACCEPTED, seed, after=0.0) for seed in range(6)]
    assert all(one.transform == Transform() for one in worse)
    assert all(1 <= len(one.story.attempts) <= 2 for one in worse)
    better = [act(ACCEPTED, seed).transform for seed in range(6)]
    assert any(one.edits for one in better)
