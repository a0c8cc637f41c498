"""What the pattern lets through are plans, and it lets all plans through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acav1m.agent import action as actions
from acav1m.agent.language import grammar, prompt
from acav1m.agent.plan import Plan

PLANS = [Plan.of("reason")] + [Plan.of("re, as-on", actions.load(n)()) for n in actions.names()]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.model_dump_json()[11:60])
def test_every_action_may_be_written(plan: Plan) -> None:
    said = prompt.completion(plan)
    assert grammar.is_plan(said)
    assert all(grammar.may_become_plan(said[:end]) for end in range(len(said)))
    assert not grammar.may_become_plan(said + " ")


@given(st.text(max_size=100))
def test_any_reason_may_be_written_in_json(reason: str) -> None:
    assert grammar.is_plan(prompt.completion(Plan(reason=reason[:30])))


@pytest.mark.parametrize(
    "wrong",
    [
        '{"action": "mute"}',
        '{"reason":"","noise":{"action":"speed"',
        '{"reason":"","noise":null,"coordination":{"action":"speed","parameters":{"factor":.5',
        '{"reason":"","noise":null,"coordination":{"action":"speed","parameters":{"factor":NaN',
        '{"reason":"","noise":null,"coordination":{"action":"speed","parameters":{"semitones":',
        '{"reason":"a\nb',
        '{"reason":"' + "x" * 201,
        "[",
        "I cannot",
    ],
)
def test_nothing_else_may(wrong: str) -> None:
    assert not grammar.may_become_plan(wrong)
