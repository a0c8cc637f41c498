"""Who looks at the clips of a benchmark: a recipe's steps, once for each backend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from acav1m import steps
from acav1m.errors import AcavError, did_you_mean
from acav1m.looks import needed
from acav1m.steps import Aligner, Measure

if TYPE_CHECKING:
    from acav1m.engines import Row
    from acav1m.plan import Plan

CLAIM = "source_caption"
"""What an aligner of captions compares to find wrong ones."""

BESIDE = "source_"
"""Begins the columns of that comparison, beside those that the recipe asks for."""


@dataclass(frozen=True)
class Look:
    """One step with its options; its columns go under their names with `prefix` before them."""

    label: str
    step: Measure
    prefix: str = ""

    def columns(self) -> list[str]:
        """What the ledger gets of it, calibrated columns too."""
        return [self.prefix + column for column in self.step.columns()]

    def needs(self) -> tuple[str, ...]:
        """Columns of earlier steps, under the names that those give them."""
        return self.step.needs()

    def raw(self) -> dict[str, str]:
        """Calibrated column to its raw one."""
        if not isinstance(self.step, Aligner):
            return {}
        return {self.prefix + c: self.prefix + raw for c, raw in self.step.calibrated.items()}

    def spec(self) -> Row:
        """As JSON, for a worker."""
        options = self.step.model_dump(mode="json")
        return {"label": self.label, "options": options, "prefix": self.prefix}


Backends = Mapping[str, Sequence[Look]]
"""The steps in the order they run, by the name of the model that aligners ask."""


def backends(plan: Plan, models: Sequence[str], wanted: set[str]) -> dict[str, list[Look]]:
    """The recipe's steps with each model in turn, or as they are where none is named.

    Only those stay that the `wanted` columns come of.

    Raises:
        AcavError: No aligner of the recipe has such a model.
    """
    named = {name: _with_model(plan, name) for name in models}
    found = named or {_own_name(plan): list(map(Look, plan.lookers, plan.lookers.values()))}
    return {name: needed([*looks, *_claims(looks)], wanted) for name, looks in found.items()}


def raw(looks: Sequence[Look]) -> dict[str, str]:
    """Calibrated column to its raw one, of all."""
    return {column: source for look in looks for column, source in look.raw().items()}


def made(spec: Row) -> Look:
    """The look that `spec` tells of, its models loaded."""
    kind, _, name = spec["label"].partition(".")
    step: Any = steps.load(kind, name).model_validate(spec["options"])
    step.setup()
    return Look(spec["label"], step, spec["prefix"])


def _own_name(plan: Plan) -> str:
    models = [getattr(step, "model", None) for step in plan.lookers.values()]
    return "+".join(sorted({str(model) for model in models if model})) or "signals"


def _with_model(plan: Plan, name: str) -> list[Look]:
    looks: list[Look] = []
    known: set[str] = set()
    for label, step in plan.lookers.items():
        choices = _choices(step, "model") if isinstance(step, Aligner) else ()
        known.update(choices)
        changed = step.model_copy(update={"model": name}) if name in choices else step
        looks.append(Look(label, changed))
    if name not in known:
        raise AcavError(
            f"--model {name}: no aligner of {plan.recipe.name} has it{did_you_mean(name, known)}"
        )
    return looks


def _claims(looks: Sequence[Look]) -> list[Look]:
    """Beside aligners of captions, the same with the caption that a clip came with."""
    return [
        Look(look.label, look.step.model_copy(update={"against": CLAIM}), BESIDE)
        for look in looks
        if CLAIM in _choices(look.step, "against")
    ]


def _choices(step: Measure, option: str) -> tuple[str, ...]:
    """What a step lets one choose for an option; nothing where it has no such option."""
    field = type(step).model_fields.get(option)
    return get_args(field.annotation) if field else ()
