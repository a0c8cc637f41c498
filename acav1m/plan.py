"""A plan: a recipe with its steps resolved, every complaint about it, and its cache keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from acav1m import complaints, examples, fit
from acav1m.consent import columns, places
from acav1m.content import load, override
from acav1m.errors import RecipeError, did_you_mean
from acav1m.fit import Fit
from acav1m.making import Making
from acav1m.recipe import Recipe
from acav1m.steps import (
    COLUMN_KINDS,
    KINDS,
    Aligner,
    Editor,
    Filter,
    Measure,
    Selector,
    Source,
    Step,
)


@dataclass(frozen=True)
class Plan:
    """What a build will do: the recipe, and its steps by kind and name."""

    recipe: Recipe
    steps: Mapping[str, Mapping[str, Step]]

    @property
    def sources(self) -> dict[str, Source]:
        """Where candidates come from."""
        return {name: cast(Source, s) for name, s in self.steps["sources"].items()}

    @property
    def is_remote(self) -> bool:
        """Whether any media come over the network."""
        return any(source.is_remote for source in self.sources.values())

    @property
    def lookers(self) -> dict[str, Measure]:
        """Measures, captioners and aligners by `kind.name`, in the order they run."""
        return {
            f"{kind}.{name}": cast(Measure, step)
            for kind in COLUMN_KINDS
            for name, step in self.steps[kind].items()
        }

    @property
    def aligners(self) -> dict[str, Aligner]:
        """Whose raw scores are calibrated, by `kind.name`."""
        return {k: step for k, step in self.lookers.items() if isinstance(step, Aligner)}

    @property
    def editor(self) -> tuple[str, Editor]:
        """The name of the one who mends sound, and the step; of a recipe that has one."""
        [(name, step)] = self.steps["editors"].items()
        return name, cast(Editor, step)

    @property
    def filters(self) -> dict[str, Filter]:
        """Who decides clip by clip."""
        return {name: cast(Filter, s) for name, s in self.steps["filters"].items()}

    @property
    def selectors(self) -> dict[str, Selector]:
        """Who chooses among those that passed."""
        return {name: cast(Selector, s) for name, s in self.steps["selectors"].items()}

    def metadata_columns(self) -> dict[str, Any]:
        """Columns that the candidates carry."""
        found: dict[str, Any] = {}
        for source in self.sources.values():
            found |= columns.public(source.columns())
        return found

    def columns(self) -> dict[str, Any]:
        """Every column a filter or selector may read, with its type."""
        return fit.columns(self.steps)

    def metadata_needs(self, label: str) -> list[str]:
        """Columns of the source that a looker's results depend on, also through other steps."""
        carried, makers = self.metadata_columns(), self._makers()
        found: set[str] = set()
        for column in self.lookers[label].needs():
            if column in makers:
                found.update(self.metadata_needs(makers[column]))
            elif column in carried:
                found.add(column)
        return sorted(found)

    def _makers(self) -> dict[str, str]:
        return {column: label for label, step in self.lookers.items() for column in step.adds}

    def key(self, label: str) -> str:
        """Cache key of a stage or looker: changes when anything its results depend on does."""
        from acav1m.media import ffmpeg
        from acav1m.media.cut import VERSION
        from acav1m.stages import realign

        if label == "download":
            cut = self.recipe.cut.model_dump(mode="json")
            return digest([VERSION, ffmpeg.version(), cut])
        if label == "realign":
            return digest([realign.VERSION, self.key("download")])
        step = self.lookers[label]
        makers = self._makers()
        upstream = sorted({self.key(makers[c]) for c in step.needs() if c in makers})
        return digest([label, step.identity(), upstream, self.key("download")])


_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode
"""Made once: a list has a million rows."""


def digest(value: Any) -> str:
    """Twelve hex digits of the SHA-256 of a JSON value."""
    return hashlib.sha256(_canonical(value).encode()).hexdigest()[:12]


def read(path: Path, overrides: Sequence[str] = ()) -> Plan:
    """Read a recipe file, apply `path.to.key=value` overrides, and resolve it.

    A bare name, such as `quickstart`, is a recipe that ships with the package.

    Raises:
        RecipeError: Holds every complaint at once.
    """
    content = load(path)
    wrong = override(content, overrides)
    try:
        plan = resolve(content)
    except RecipeError as error:
        raise RecipeError([*wrong, *error.complaints]) from error
    if wrong:
        raise RecipeError(wrong)
    return plan


def resolve(content: Mapping[str, Any]) -> Plan:
    """Check a recipe's content and make its steps.

    Raises:
        RecipeError: Holds every complaint at once.
    """
    # A section whose every line is commented out is an empty one.
    content = {k: v for k, v in content.items() if v is not None or k not in KINDS}
    recipe, found = _validated(content)
    making = Making(content)
    found += making.complaints
    fitting = Fit(making.steps, making.lost, unsure=making.unsure).complaints()
    found += fitting
    if recipe and not found:
        return Plan(recipe, making.steps)
    if making.whole and not fitting:
        found += _examples(making.steps, content.get("examples"))
    raise RecipeError(found)


def _validated(content: Mapping[str, Any]) -> tuple[Recipe | None, list[str]]:
    """The recipe, and what is wrong with it, its steps aside."""
    recipe, found = None, []
    try:
        recipe = Recipe.model_validate(content)
    except ValidationError as error:
        found = complaints.of_recipe(error)
    if content.get("sources") == {}:
        found.append("sources: name at least one source")
    found += places.complaints(recipe.consent.opt_out) if recipe else []
    return recipe, found + _answers(content.get("answers"))


def _answers(answers: Any) -> list[str]:
    """Complaints about answers to questions that the datasheet does not ask."""
    if not answers or not isinstance(answers, Mapping):
        return []
    from acav1m.release import datasheet

    known = datasheet.ids()
    return [
        f"answers.{key}: no such question{did_you_mean(str(key), known)}"
        for key in answers
        if key not in known
    ]


def _examples(made: fit.Made, written: Any) -> list[str]:
    if not isinstance(written, list) or not all(isinstance(e, Mapping) for e in written):
        return []
    filters = {name: cast(Filter, step) for name, step in made["filters"].items()}
    return examples.complaints(written, filters, fit.columns(made))
