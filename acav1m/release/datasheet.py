"""The datasheet: what can be measured is, what only people know is asked of them by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from acav1m import resources
from acav1m.errors import AcavError, did_you_mean
from acav1m.release import answers, markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.recipe import Recipe
    from acav1m.release.facts import Facts


@dataclass(frozen=True)
class Question:
    """One question with its stable id, and what is known about it."""

    id: str
    asks: str
    applies: bool
    optional: bool
    answer: str | None
    measured: str | None

    @property
    def is_open(self) -> bool:
        """Whether the maintainers still have to answer it."""
        return self.applies and not (self.optional or self.answer or self.measured)


def write(recipe: Recipe, facts: Facts, lock: Mapping[str, Any]) -> str:
    """Return the text of DATASHEET.md.

    Raises:
        AcavError: The recipe answers a question that does not exist.
    """
    sections = questions(recipe, answers.measured(recipe, facts, lock))
    every = [question for section in sections.values() for question in section]
    return markdown.render(
        "DATASHEET.md.j2",
        recipe=recipe,
        sections=sections,
        open_questions=[question for question in every if question.is_open],
    )


def ids() -> list[str]:
    """The ids of all questions: the keys a recipe's `answers` may have."""
    return [key for section in _asked().values() for key in section]


def questions(recipe: Recipe, measured: Mapping[str, str]) -> dict[str, list[Question]]:
    """All questions by section, with the recipe's and the measured answers."""
    for key in recipe.answers:
        if key not in ids():
            raise AcavError(f"answers.{key}: no such question{did_you_mean(key, ids())}")
    no_people = recipe.answers.get("about_people", "").strip().lower().startswith("no")
    return {
        section: [
            Question(
                id=key,
                asks=entry["asks"],
                applies=not (no_people and entry.get("people", False)),
                optional=entry.get("optional", False),
                answer=recipe.answers.get(key),
                measured=measured.get(key),
            )
            for key, entry in entries.items()
        ]
        for section, entries in _asked().items()
    }


@cache
def _asked() -> dict[str, dict[str, dict[str, Any]]]:
    text = (resources.folder("cards") / "release" / "datasheet.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(text)
    return found
