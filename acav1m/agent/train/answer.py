"""The right answer, by what a planner can know: the label of a training example.

It is a function of the question alone, so that it can be learnt; that it undoes what was planted
is checked where examples are made.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from acav1m.agent import remedies
from acav1m.agent.language import told
from acav1m.agent.observation import Noise, Observation, Timing
from acav1m.agent.plan import Plan
from acav1m.agent.planner import Asked, Tried
from acav1m.agent.planners.rules import Rules
from acav1m.agent.train.captions import heard_pitch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acav1m.agent.action import Action

FINE = "nothing is left to mend"
REASONS: Mapping[str, str] = {
    "fill_blanks": "blanks in the sound",
    "speed": "sound out of step",
    "pitch": "wrong pitch",
    "volume": "wrong loudness",
}

OUTCOME = "not better: no score rises"


def answer(asked: Asked) -> Plan:
    """A filter against noise and an action of coordination, where they are called for.

    Of filters the first of `remedies` that was not tried, where `rules` would filter; of
    coordination what `rules` say by the measures, which move nothing beside a filter, and `pitch`
    where nothing but the sound's caption calls for any. All go by the numbers as they are told,
    so that what must be copied into a plan can be.
    """
    asked = asked.model_copy(update={"observation": told.seen(asked.observation)})
    filters = _filters(asked)[:1]
    acts = [*filters, *_coordination(asked.observation, beside=bool(filters))]
    return Plan.of(_reason(asked, acts), *acts)


def _filters(asked: Asked) -> list[Action]:
    if not _rules().noisy(asked.observation):
        return []
    noise = asked.observation.noise
    edits = (edit for one in asked.history for edit in one.transform.edits)
    tried = {edit.action for edit in edits}
    found = remedies.filters(noise.kind, noise.snr_db)
    return [act for act in found if act.name() not in tried]


def _coordination(observation: Observation, *, beside: bool) -> tuple[Action, ...]:
    """One action or none; `beside` a filter or alone. No pitch is tried at random."""
    quiet = observation.model_copy(
        update={
            "noise": Noise(),
            "timing": Timing() if beside else observation.timing,
            "scores": observation.scores.model_copy(update={"alignment": None}),
        }
    )
    plan = _rules().plan(Asked(observation=quiet)).plan
    assert plan is not None  # rules never fail to answer
    shift = heard_pitch(observation)
    return plan.acts() or (() if shift is None else (shift,))


def _reason(asked: Asked, acts: Sequence[Action]) -> str:
    """In so few words that a small model learns them."""
    noise = f"{asked.observation.noise.kind} under the sound"
    return "; ".join(REASONS.get(act.name(), noise) for act in acts) or FINE


def after(asked: Asked, attempts: int) -> Asked:
    """The same question once so many right answers were tried, and nothing came of them."""
    for _ in range(attempts):
        tried = Tried(
            transform=asked.made_by.then(*answer(asked).acts()),
            scores=asked.observation.scores,
            accepted=False,
            outcome=OUTCOME,
        )
        asked = asked.model_copy(update={"history": (*asked.history, tried)})
    return asked


@cache
def _rules() -> Rules:
    return Rules()
