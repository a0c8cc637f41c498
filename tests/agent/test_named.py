"""A planner named wrongly is told with what was meant."""

from __future__ import annotations

from typing import Any

import pytest

from acav1m.agent.named import planner_of
from acav1m.agent.planners.random import Random
from acav1m.editors.avagent import Avagent

EITHER = "name a planner, or one with its options: {local: {model: DIR}}"


def test_a_planner_is_made_once() -> None:
    assert planner_of("random") == Random()
    assert planner_of({"random": {"seed": 3}}) is planner_of({"random": {"seed": 3}})
    assert planner_of({"random": None}) == Random()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (None, EITHER),
        (3, EITHER),
        (["rules"], EITHER),
        ({"local": "DIR"}, EITHER),
        ({"openai": ["url"]}, EITHER),
        ({}, "name one planner, not none"),
        ({"rules": {}, "random": {}}, "name one planner, not rules and random"),
        ("ruls", "no planner 'ruls'; did you mean 'rules'?"),
        ({"local": {"modeel": "DIR"}}, "local.modeel: no such option; did you mean 'model'?"),
        ({"local": {}}, "local.model: Field required"),
        ({"openai": {"url": "x", "model": "m"}}, "openai.url: 'x' is no address of a server"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(asked: Any, told: str) -> None:
    with pytest.raises(ValueError, match="1 validation error") as error:
        Avagent(planner=asked)
    [found] = error.value.errors()
    assert found["msg"].removeprefix("Value error, ").startswith(told)
