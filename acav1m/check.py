"""What a recipe would do: its plan in words, and its examples tried on its filters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from acav1m.errors import RecipeError, did_you_mean
from acav1m.sql import reads
from acav1m.steps import COLUMN_KINDS, KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.plan import Plan
    from acav1m.steps import Filter


@dataclass
class Findings:
    """What `check` found out; the recipe is right, or there would be an error."""

    plan: Plan
    examples: int
    notes: list[str] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        """As one JSON object."""
        return {
            "name": self.plan.recipe.name,
            "version": self.plan.recipe.version,
            "steps": {kind: list(self.plan.steps[kind]) for kind in KINDS},
            "columns": sorted(self.plan.columns()),
            "examples": self.examples,
            "notes": self.notes,
        }

    def text(self) -> str:
        """For people."""
        recipe = self.plan.recipe
        lines = [f"{recipe.name} {recipe.version}: the recipe is right"]
        for kind in KINDS:
            for name, step in self.plan.steps[kind].items():
                options = ", ".join(f"{k}={v!r}" for k, v in step.model_dump().items())
                adds = f" -> {', '.join(step.adds)}" if kind in COLUMN_KINDS else ""
                lines.append(f"  {kind:<11}{name}({options}){adds}")
        tried = f"{self.examples} examples hold" if self.examples else "no examples to try"
        return "\n".join([*lines, tried, *(f"note: {note}" for note in self.notes)])


def check(plan: Plan) -> Findings:
    """Try a recipe's examples and look at its sources; opens no media.

    Raises:
        RecipeError: Examples that do not hold, all of them.
        AcavError: A source that offers nothing.
    """
    complaints = [
        f"examples[{at}]: {complaint}"
        for at, example in enumerate(plan.recipe.examples)
        for complaint in _try(plan, example)
    ]
    if complaints:
        raise RecipeError(complaints)
    for source in plan.sources.values():
        next(iter(source.candidates()), None)
    return Findings(plan, len(plan.recipe.examples), _notes(plan))


def _try(plan: Plan, example: Mapping[str, Any]) -> list[str]:
    """Complaints about one example: a row of columns, and who must object to it.

    Only filters whose columns the row holds are asked; `reject` and `flag` name those that
    must object, and no other may.
    """
    row = {c: v for c, v in example.items() if c not in ("reject", "flag")}
    unknown = [c for c in row if c not in plan.columns()]
    if unknown:
        return [f"no column {c!r}{did_you_mean(c, plan.columns())}" for c in unknown]
    complaints = []
    for verdict in ("reject", "flag"):
        expected = _names(example.get(verdict))
        filters = {n: f for n, f in plan.filters.items() if f.on_fail == verdict}
        for name in sorted(expected - set(filters)):
            near = did_you_mean(name, filters)
            complaints.append(f"no filter '{name}' that would {verdict}{near}")
        try:
            got = {name for name, step in filters.items() if _objects(step, plan, row)}
        except RecipeError as error:
            return [*complaints, *error.complaints]
        if not complaints and got != expected:
            said = ", ".join(sorted(got)) or "nobody"
            complaints.append(
                f"expected {verdict} by {', '.join(sorted(expected)) or 'nobody'}, got {said}"
            )
    return complaints


def _objects(step: Filter, plan: Plan, row: Mapping[str, Any]) -> bool:
    return reads(step.keep(), plan.columns()) <= set(row) and not step.keeps(**row)


def _names(value: Any) -> set[str]:
    if value is None:
        return set()
    return set(map(str, value)) if isinstance(value, list) else {str(value)}


def _notes(plan: Plan) -> list[str]:
    notes = []
    if plan.recipe.date is None:
        notes.append("no `date`, so Croissant will lack datePublished")
    if not plan.recipe.creators:
        notes.append("no `creators`, so nobody can be cited")
    if not plan.filters:
        notes.append("no filters: every clip that decodes is kept")
    return notes
