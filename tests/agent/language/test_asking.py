"""Whatever a model says, there is a plan within its ranges, or a cause."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acav1m.agent import action as actions
from acav1m.agent import plan as plans
from acav1m.agent.language.asking import Unanswered, ask, written
from acav1m.agent.observation import Observation
from acav1m.agent.planner import Asked

ASKED = Asked(observation=Observation(duration_s=10))

NAMES = [*actions.names(), "mute", "", None, 0, ["wiener"]]
OPTIONS = sorted({name for act in actions.names() for name in actions.load(act).model_fields})
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
PARAMETERS = st.dictionaries(st.sampled_from(OPTIONS), st.floats() | ANYTHING, max_size=2)
EDITS = st.fixed_dictionaries(
    {"action": st.sampled_from(NAMES)}, optional={"parameters": PARAMETERS | ANYTHING}
)
NEARLY = st.fixed_dictionaries(
    {"reason": st.text() | ANYTHING, "noise": EDITS | ANYTHING, "coordination": EDITS | ANYTHING}
)


@given(st.text() | (NEARLY | ANYTHING).map(json.dumps))
def test_nothing_that_is_said_breaks_anything(said: str) -> None:
    answer = ask(lambda _: said, ASKED)
    assert (answer.plan is None) != (answer.cause is None)
    json.dumps([*answer.dialogue, answer.cause], ensure_ascii=False).encode()
    if answer.plan is not None:
        answer.plan.model_dump_json()
        assert len({act.kind for act in answer.plan.acts()}) == len(answer.plan.acts())


@pytest.mark.parametrize("name", actions.names())
def test_what_the_schema_allows_is_a_plan_and_a_step_beyond_is_none(name: str) -> None:
    act = actions.load(name)
    edges = plans.schema()["properties"][act.kind]["anyOf"]
    limits = next(
        one for one in edges if one.get("properties", {}).get("action") == {"const": name}
    )
    for option, limit in limits["properties"]["parameters"]["properties"].items():
        for value, fits in [
            (limit["minimum"], True),
            (limit["maximum"], True),
            (limit["minimum"] - 0.001, False),
            (limit["maximum"] + 0.001, False),
        ]:
            edit = {"action": name, "parameters": {option: value}}
            said = json.dumps({"reason": "", act.kind: edit})
            assert (ask(lambda _, said=said: said, ASKED).plan is not None) == fits


def test_no_answer_is_the_cause() -> None:
    def say(_: Any) -> str:
        raise Unanswered("the server is down")

    answer = ask(say, ASKED)
    assert (answer.plan, answer.cause) == (None, "the server is down")
    assert [turn.role for turn in answer.dialogue] == ["system", "user"]


def test_an_endless_answer_is_kept_in_part() -> None:
    answer = ask(lambda _: "so " * 100_000, ASKED)
    assert answer.plan is None
    assert sum(len(turn.content) for turn in answer.dialogue[2:]) < 10_000


@pytest.mark.parametrize(
    ("said", "json_of_it"),
    [
        ("", ""),
        ("no", "no"),
        ("<think>{}</think>no", "no"),
        ('{"a": "</think>"}', '{"a": "</think>"}'),
        ('{"a": {"b": 1}} and {"c": 2}', '{"a": {"b": 1}}'),
        ('{"a": 1', '{"a": 1'),
    ],
)
def test_what_is_taken_of_an_answer(said: str, json_of_it: str) -> None:
    assert written(said) == json_of_it
