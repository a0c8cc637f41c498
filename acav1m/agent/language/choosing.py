"""Typed decisions: the model gives each action a probability, and no word is generated."""

from __future__ import annotations

import json
from itertools import product
from math import isfinite, prod
from typing import TYPE_CHECKING, Any, get_args

from acav1m.agent.action import Kind
from acav1m.agent.language import prompt
from acav1m.agent.language.asking import Unanswered
from acav1m.agent.language.fitting import fitting
from acav1m.agent.plan import Plan
from acav1m.agent.planner import Answer, Message
from acav1m.errors import AcavError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from acav1m.agent.action import Action
    from acav1m.agent.language.causal import Causal
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

    Raises:
        Unanswered: The model's numbers are none, as where its weights overflow.
    """
    acts = {kind: fitting(kind, asked.observation) for kind in get_args(Kind)}
    questions = {kind: _question(kind, possible) for kind, possible in acts.items() if possible}
    system, user = prompt.background(), prompt.messages(asked)[1].content
    answers = decide({"state": f"{system}\n\n{user}", "questions": questions})
    chances = {kind: answers[kind]["probabilities"] for kind in questions}
    if not all(isfinite(one) for found in chances.values() for one in found.values()):
        raise Unanswered("the model's probabilities are no numbers")
    said = {kind: _rounded(found) for kind, found in chances.items()}
    dialogue = (
        Message("system", system),
        Message("user", f"{user}\n\n{json.dumps(questions, indent=1)}"),
        Message("assistant", json.dumps(said)),
    )
    return Answer(_likeliest(asked, acts, chances), dialogue=dialogue)


def _question(kind: Kind, possible: Mapping[str, Action]) -> dict[str, Any]:
    options = {name: act.help() for name, act in possible.items()}
    return {
        "type": "choice",
        "instructions": QUESTIONS[kind],
        "criteria": options | {NONE: "Nothing of that kind is needed."},
    }


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
