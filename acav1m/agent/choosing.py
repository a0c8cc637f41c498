"""Typed decisions: the model gives each action a probability, and no word is generated."""

from __future__ import annotations

import json
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, get_args

from acav1m.agent import prompt
from acav1m.agent.action import Kind
from acav1m.agent.fitting import fitting
from acav1m.agent.plan import Plan
from acav1m.agent.planner import Answer, Message
from acav1m.errors import AcavError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from acav1m.agent.action import Action
    from acav1m.agent.causal import Causal
    from acav1m.agent.planner import Asked

NONE = "none"

QUESTIONS: Mapping[Kind, str] = {
    "noise": "Which noise action should be done next?",
    "coordination": "Which coordination action should be done next?",
}

LABELS = tuple("ABCDE")
"""Of the most that a question has: four actions, and none."""


def supports(causal: Causal) -> bool:
    """Whether these transformers can decide, and with this tokenizer's letters."""
    try:
        from transformers.decision.template_utils import label_token_ids

        label_token_ids(causal.tokenizer, LABELS)
    except (ImportError, ValueError):
        return False
    return True


def pipeline(causal: Causal) -> Any:
    """What decides with this model.

    Raises:
        AcavError: It cannot.
    """
    if not supports(causal):
        raise AcavError(
            "decide: choice, but these transformers have no typed decisions, or this tokenizer "
            "has no single tokens for A to E; decide: json works with any model"
        )
    from transformers.decision import DecisionConfig
    from transformers.pipelines import DecisionPipeline

    # a configuration given here keeps it from asking the hub for one that nothing pins
    return DecisionPipeline(
        model=causal.model, tokenizer=causal.tokenizer, decision_config=DecisionConfig()
    )


def choose(decide: Any, asked: Asked) -> Answer:
    """The likeliest pair of actions, or of one and none, that was not tried before.

    Parameters are those of `fitting`.
    """
    acts = {kind: fitting(kind, asked.observation) for kind in get_args(Kind)}
    request = _request(asked, acts)
    chances = {kind: answer["probabilities"] for kind, answer in decide(request).items()}
    dialogue = (
        Message("user", json.dumps(request)),
        Message("assistant", json.dumps({kind: _rounded(chances[kind]) for kind in chances})),
    )
    return Answer(_likeliest(asked, acts, chances), dialogue=dialogue)


def _request(asked: Asked, acts: Mapping[Kind, Mapping[str, Action]]) -> dict[str, Any]:
    questions = {
        kind: {
            "type": "choice",
            "instructions": QUESTIONS[kind],
            "criteria": {name: act.help() for name, act in possible.items()}
            | {NONE: "Nothing of that kind is needed."},
        }
        for kind, possible in acts.items()
        if possible
    }
    user = prompt.messages(asked)[1]
    return {"state": f"{prompt.background()}\n\n{user.content}", "questions": questions}


def _likeliest(
    asked: Asked,
    acts: Mapping[Kind, Mapping[str, Action]],
    chances: Mapping[str, Mapping[str, float]],
) -> Plan:
    tried = [one.transform for one in asked.history]
    for pair in _pairs(chances):
        chosen = [acts[kind][name] for kind, (name, _) in pair.items() if name != NONE]
        plan = Plan.of(_reason(pair), *chosen)
        if not chosen or asked.made_by.then(*plan.acts()) not in tried:
            return plan
    raise AssertionError("to do nothing is always possible")


def _pairs(
    chances: Mapping[str, Mapping[str, float]],
) -> Iterator[Mapping[Kind, tuple[str, float]]]:
    """One option of each kind with its probability, the likeliest pair first."""
    options = [chances.get(kind, {NONE: 1.0}).items() for kind in get_args(Kind)]
    for pair in sorted(product(*options), key=lambda pair: -prod(chance for _, chance in pair)):
        yield dict(zip(get_args(Kind), pair, strict=True))


def _reason(pair: Mapping[Kind, tuple[str, float]]) -> str:
    return ", ".join(f"{kind}: {name} ({chance:.2f})" for kind, (name, chance) in pair.items())


def _rounded(chances: Mapping[str, float]) -> dict[str, float]:
    return {name: round(chance, 4) for name, chance in chances.items()}
