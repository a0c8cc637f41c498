"""What a recipe would do: its plan in words, and its examples tried on its filters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from acav1m import examples
from acav1m.errors import AcavError, RecipeError
from acav1m.steps import COLUMN_KINDS, KINDS, Measure

if TYPE_CHECKING:
    from acav1m.plan import Plan


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
        """For people; options that may hold keys are left out, for this may be shown around."""
        from acav1m.lock import HIDDEN

        recipe = self.plan.recipe
        lines = [f"{recipe.name} {recipe.version}: the recipe is right"]
        for kind in KINDS:
            for name, step in self.plan.steps[kind].items():
                told = step.model_dump(exclude=set(HIDDEN))
                options = ", ".join(f"{k}={v!r}" for k, v in told.items())
                adds = (
                    f" -> {', '.join(cast(Measure, step).columns())}"
                    if kind in COLUMN_KINDS
                    else ""
                )
                lines.append(f"  {kind:<11}{name}({options}){adds}")
        tried = f"{self.examples} examples hold" if self.examples else "no examples to try"
        return "\n".join([*lines, tried, *(f"note: {note}" for note in self.notes)])


def check(plan: Plan) -> Findings:
    """Try a recipe's examples, and look at its sources and its editor; opens no media.

    Raises:
        RecipeError: Examples that do not hold, sources that offer nothing, and editors that
            cannot say what they would edit with, all of them.
    """
    complaints = examples.complaints(plan.recipe.examples, plan.filters, plan.columns())
    for source in plan.sources.values():
        try:
            next(iter(source.candidates()), None)
        except AcavError as error:
            complaints.append(str(error))
    for name, editor in plan.steps["editors"].items():
        try:
            editor.identity()
        except AcavError as error:
            complaints.append(f"editors.{name}: {error}")
    if complaints:
        raise RecipeError(complaints)
    return Findings(plan, len(plan.recipe.examples), _notes(plan))


def _notes(plan: Plan) -> list[str]:
    notes = []
    if plan.recipe.date is None:
        notes.append("no `date`, so Croissant will lack datePublished")
    if not plan.recipe.creators:
        notes.append("no `creators`, so nobody can be cited")
    if not plan.filters:
        notes.append("no filters: every clip that decodes is kept")
    return notes
