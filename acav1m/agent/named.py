"""The planner that somebody names, with its options, in a recipe or on a command line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationError

from acav1m.agent import planner as planners
from acav1m.agent.planner import Planner
from acav1m.errors import AcavError, did_you_mean


def _is_named(asked: Any) -> Any:
    options = asked.values() if isinstance(asked, Mapping) else ()
    if not isinstance(asked, str | Mapping) or any(
        found is not None and not isinstance(found, Mapping) for found in options
    ):
        raise ValueError("name a planner, or one with its options: {local: {model: DIR}}")
    return asked


Named = Annotated[str | Mapping[str, Mapping[str, Any] | None], BeforeValidator(_is_named)]
"""A planner's name, or one name and its options."""


def choices(schema: dict[str, Any]) -> None:
    """Say in the JSON Schema of a recipe which planners there are, with their options."""
    known = planners.names()
    options = {name: planners.load(name).model_json_schema() for name in known}
    for own in options.values():
        own.pop("$defs", None)  # none of ours has any: their options are plain values
    with_options = {
        "type": "object",
        "properties": {name: {"anyOf": [own, {"type": "null"}]} for name, own in options.items()},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    schema["anyOf"] = [{"enum": known}, with_options]


def planner_of(asked: Named) -> Planner:
    """The planner that a recipe asks for; the same one each time, so that it is loaded once.

    Raises:
        ValueError: There is none such, or not with these options.
    """
    named = {asked: None} if isinstance(asked, str) else asked
    if len(named) != 1:
        raise ValueError(f"name one planner, not {' and '.join(named) or 'none'}")
    return _made(json.dumps(named, sort_keys=True))


@cache
def _made(told: str) -> Planner:
    [(name, options)] = json.loads(told).items()
    try:
        kind = planners.load(name)
        return kind.model_validate(options or {})
    except AcavError as error:
        raise ValueError(str(error)) from None
    except ValidationError as error:
        raise ValueError(_complaint(name, error, kind)) from None


def _complaint(name: str, error: ValidationError, kind: type[Planner]) -> str:
    """What is wrong with the first option that is, and the nearest right one.

    Options that are none come first: a misspelt one is missing, too.
    """
    first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    where = ".".join([name, *map(str, first["loc"])])
    if first["type"] == "extra_forbidden":
        return f"{where}: no such option{did_you_mean(str(first['loc'][-1]), kind.model_fields)}"
    return f"{where}: {first['msg'].removeprefix('Value error, ')}"
