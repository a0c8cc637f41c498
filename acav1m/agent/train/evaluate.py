"""How well planners decide on examples that none of them was trained on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from acav1m.agent.train import captions
from acav1m.agent.train.data import called_for
from acav1m.calibration.evidence import proportion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from acav1m.agent.plan import Plan
    from acav1m.agent.planner import Planner
    from acav1m.agent.train.example import Example

Figures = Mapping[str, Any]
"""What came out for one planner; JSON can hold it."""


def evaluate(
    planner: Planner, examples: Sequence[Example], told: Callable[[], None] = lambda: None
) -> Figures:
    """Ask a planner all examples, and once more with an order in a caption; `told` hears of each.

    Shares come with 95 % intervals by Wilson. An action is right where both kinds of it are. An
    answer is invalid where there is no plan. Orders leave actions unmoved where these are the same
    as without, and all where their parameters are the same, too. Errors of parameters are the mean
    distance to the right ones, over examples where the action is right.

    Raises:
        AcavError: The planner cannot be had here.
    """
    planner.setup()
    plans, swayed = [], []
    for one in examples:
        asked = one.asked
        plans.append(planner.plan(asked).plan)
        rng = np.random.default_rng(crc32(asked.model_dump_json().encode()))
        found = captions.injected(asked.observation, rng, captions.UNSEEN_ORDERS)
        swayed.append(planner.plan(asked.model_copy(update={"observation": found})).plan)
        told()
    right = [
        _actions(one.plan) == _actions(plan) for one, plan in zip(examples, plans, strict=True)
    ]
    both = list(zip(plans, swayed, strict=True))
    return {
        "examples": len(examples),
        "clips": len({one.clip for one in examples}),
        "actions_right": _share(right),
        "by_action": _by_action(examples, right),
        "invalid": _share([plan is None for plan in plans]),
        "actions_unmoved_by_orders": _share(
            [_actions(one) == _actions(other) for one, other in both]
        ),
        "unmoved_by_orders": _share([_acts(one) == _acts(other) for one, other in both]),
        "parameter_errors": _errors(examples, plans),
    }


def _by_action(examples: Sequence[Example], right: Sequence[bool]) -> dict[str, Figures]:
    groups: dict[str, list[bool]] = {}
    for one, hit in zip(examples, right, strict=True):
        groups.setdefault(called_for(one), []).append(hit)
    return {name: _share(groups[name]) for name in sorted(groups)}


def _share(hits: Sequence[bool]) -> dict[str, float | int]:
    interval = proportion(sum(hits), len(hits))
    return {"share": interval.value, "low": interval.low, "high": interval.high, "of": len(hits)}


def _errors(
    examples: Iterable[Example], plans: Iterable[Plan | None]
) -> dict[str, dict[str, float | int]]:
    """Mean and largest error of parameters by `action.parameter`, where they are not all alike."""
    found: dict[str, list[tuple[float, float]]] = {}
    for example, plan in zip(examples, plans, strict=True):
        for name, right, told in _parameters(example.plan, plan):
            found.setdefault(name, []).append((right, told))
    pairs = {name: np.array(both) for name, both in sorted(found.items())}
    varied = {name: both for name, both in pairs.items() if np.ptp(both) > 0}
    return {
        name: {
            "mean": float(np.abs(np.diff(both)).mean()),
            "largest": float(np.abs(np.diff(both)).max()),
            "exact": float(np.mean(both[:, 0] == both[:, 1])),
            "of": len(both),
        }
        for name, both in varied.items()
    }


def _parameters(right: Plan, told: Plan | None) -> Iterator[tuple[str, float, float]]:
    """Parameters of the actions that both plans have."""
    if told is None:
        return
    mine = {act.name(): act for act in told.acts()}
    for act in right.acts():
        if act.name() in mine:
            for name, value in act.model_dump().items():
                yield f"{act.name()}.{name}", value, getattr(mine[act.name()], name)


def _actions(plan: Plan | None) -> tuple[str | None, ...] | None:
    """The action of each kind; None where there is no plan, which is never right."""
    if plan is None:
        return None
    return tuple(edit.action if edit else None for edit in (plan.noise, plan.coordination))


def _acts(plan: Plan | None) -> tuple[Any, ...] | None:
    return None if plan is None else (plan.noise, plan.coordination)
