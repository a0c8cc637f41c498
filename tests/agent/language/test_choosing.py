"""Which plan follows from the probabilities of actions."""

from __future__ import annotations

from typing import Any

import pytest

from acav1m.agent.language.asking import Unanswered
from acav1m.agent.language.choosing import choose
from acav1m.agent.observation import Observation, Timing
from acav1m.agent.planner import Asked, Tried

ASKED = Asked(observation=Observation(duration_s=10, timing=Timing(offset_s=0.5)))

NOISE = {"wiener": 0.6, "none": 0.4}
COORDINATION = {"speed": 0.9, "none": 0.1}


def decide(**chances: dict[str, float]) -> Any:
    """A model with these probabilities, and none for what else there is."""

    def answers(request: Any) -> Any:
        return {
            kind: {
                "probabilities": {
                    option: chances.get(kind, {}).get(option, 0.0) for option in one["criteria"]
                }
            }
            for kind, one in request["questions"].items()
        }

    return answers


def after(asked: Asked, plan: Any) -> Asked:
    """The same question once this was tried in vain."""
    transform = asked.made_by.then(*plan.acts())
    tried = Tried(transform=transform, scores=None, accepted=False, outcome="no better")
    return asked.model_copy(update={"history": (*asked.history, tried)})


def test_the_likeliest_pairs_are_tried_in_turn_and_to_do_nothing_ends_it() -> None:
    asked, found = ASKED, []
    for _ in range(5):
        plan = choose(decide(noise=NOISE, coordination=COORDINATION), asked).plan
        assert plan is not None
        found.append([act.name() for act in plan.acts()])
        asked = after(asked, plan)
    assert found == [["wiener", "speed"], ["speed"], ["wiener"], [], []]


def test_the_reason_tells_the_probabilities() -> None:
    plan = choose(decide(noise=NOISE, coordination=COORDINATION), ASKED).plan
    assert plan is not None
    assert plan.reason == "noise: wiener (0.60), coordination: speed (0.90)"


def test_what_is_no_probability_is_no_answer() -> None:
    with pytest.raises(Unanswered, match="no numbers"):
        choose(decide(noise={"wiener": float("nan")}), ASKED)
