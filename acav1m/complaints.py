"""Pydantic's complaints about a recipe as lines: where, what, and the nearest valid name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from acav1m.errors import did_you_mean
from acav1m.recipe import Recipe

if TYPE_CHECKING:
    from pydantic import ValidationError


def of_recipe(error: ValidationError) -> list[str]:
    """About the recipe's own keys."""
    return [_line(problem, "", Recipe.model_fields) for problem in error.errors(include_url=False)]


def of_step(error: ValidationError, step: str, options: Iterable[str]) -> list[str]:
    """About the options of a step, named `kind.name`."""
    return [_line(problem, f"{step}.", options) for problem in error.errors(include_url=False)]


def _line(problem: Any, place: str, fields: Iterable[str]) -> str:
    *parents, last = [str(part) for part in problem["loc"]] or [""]
    where = place + ".".join([*parents, last])
    if problem["type"] == "extra_forbidden":
        known = _fields_below(parents) if parents and not place else list(fields)
        return f"{where}: no such {'option' if place else 'key'}{did_you_mean(last, known)}"
    if problem["type"] == "missing":
        return f"{where}: is missing"
    got = problem["input"]
    message = problem["msg"].removeprefix("Value error, ")
    is_told = isinstance(got, str | int | float | bool) and repr(got) not in message
    shown = f", got {got!r}" if is_told else ""
    return f"{where.rstrip('.')}: {message}{shown}"


def _fields_below(parents: Sequence[str]) -> list[str]:
    model: Any = Recipe
    for parent in parents:
        if parent.isdigit():
            continue
        annotation = model.model_fields[parent].annotation
        model = next(
            (a for a in (annotation, *getattr(annotation, "__args__", ())) if _is_model(a)), Recipe
        )
    return list(model.model_fields)


def _is_model(annotation: Any) -> bool:
    return hasattr(annotation, "model_fields")
