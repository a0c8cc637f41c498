"""Whether the right answer to a question also undoes what was planted; what does not is left out.

What the aligners and the ear do not notice, or notice wrongly, cannot be learnt, and what the
clip brings along itself (rain that is heard as hiss) would teach what was not meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m.agent.actions.speed import Speed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acav1m.agent.faults.fault import Fault
    from acav1m.agent.plan import Plan
    from acav1m.agent.planner import Asked
    from acav1m.agent.train.cases import Case
    from acav1m.synth.scene import Rendered

NEAR_S, NEAR_DRIFT = 0.1, 0.015
"""How far measured timing may be from what was planted."""


def objection(
    truth: Rendered, faults: Sequence[Fault], asked: Asked, plan: Plan, case: Case
) -> str | None:
    """Why this is no example, in words that can be counted; None where it is one."""
    heard, meant = asked.observation.noise.kind, _noise(faults)
    if heard != meant:
        return f"{meant} is heard as {heard}"
    told = plan.coordination.action if plan.coordination else None
    wanted = [act for one in faults for act in one.undo(truth).acts() if act.kind == "coordination"]
    if plan.noise:  # beside a filter nothing is moved, however late
        wanted = [act for act in wanted if not isinstance(act, Speed)]
    expected = wanted[0].name() if wanted else None
    if told != expected:
        return f"{expected or 'nothing'} is called for, and {told or 'nothing'} by what is measured"
    if wanted and isinstance(wanted[0], Speed) and _far(wanted[0], plan, truth.seconds):
        return "speed is called for, with other parameters by what is measured"
    chosen = plan.noise.action if plan.noise else None
    if case.wanted != (chosen or told or "none"):
        return f"{case.wanted} is called for, and {chosen or told} by what is measured"
    return None


def _noise(faults: Sequence[Fault]) -> str:
    from acav1m.agent.faults.noisy import HEARD_AS, Noisy

    return next((HEARD_AS[one.kind] for one in faults if isinstance(one, Noisy)), "none")


def _far(wanted: Speed, plan: Plan, seconds: float) -> bool:
    [told] = [act for act in plan.acts() if isinstance(act, Speed)]
    middle_s = abs((told.start_s - wanted.start_s) + (told.factor - wanted.factor) * seconds / 2)
    return middle_s > NEAR_S or abs(told.factor - wanted.factor) > NEAR_DRIFT
