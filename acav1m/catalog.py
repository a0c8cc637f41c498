"""What a recipe may name, read from the steps themselves."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticUndefined

from acav1m import steps
from acav1m.errors import RecipeError, did_you_mean
from acav1m.recipe import Recipe
from acav1m.steps import KINDS, Measure, Step


def data(name: str | None = None) -> list[dict[str, Any]]:
    """Every step, or the ones of that name, with help, options and columns.

    Raises:
        RecipeError: No step has that name.
    """
    known = [(kind, step) for kind in KINDS for step in steps.names(kind)]
    wanted = [(k, s) for k, s in known if name in (None, s, f"{k}.{s}")]
    if not wanted:
        spelled = [f"{k}.{s}" for k, s in known] + [s for _, s in known]
        raise RecipeError([f"{name}: no such step{did_you_mean(str(name), spelled)}"])
    return [_entry(kind, step, steps.load(kind, step)) for kind, step in wanted]


def text(name: str | None = None) -> str:
    """The same for people: a line a step, or one step in full."""
    entries = data(name)
    if name is None:
        width = max(len(e["name"]) for e in entries)
        lines = []
        for kind in KINDS:
            lines.append(f"{kind}:")
            lines += [f"  {e['name']:<{width}}  {e['help']}" for e in entries if e["kind"] == kind]
        return "\n".join(lines)
    return "\n\n".join(_in_full(entry) for entry in entries)


def json_schema() -> dict[str, Any]:
    """JSON Schema of a recipe with every step's options, for editors."""
    schema = Recipe.model_json_schema()
    definitions = schema.setdefault("$defs", {})
    for kind in KINDS:
        options = {}
        for name in steps.names(kind):
            own = steps.load(kind, name).model_json_schema()
            definitions |= own.pop("$defs", {})
            options[name] = {"anyOf": [own, {"type": "null"}]}
        schema["properties"][kind] = {
            "type": "object",
            "properties": options,
            "additionalProperties": False,
        }
    schema["properties"]["editors"]["maxProperties"] = 1
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "acav1m recipe"
    return schema


def _entry(kind: str, name: str, step: type[Step]) -> dict[str, Any]:
    adds = step.columns() if issubclass(step, Measure) else step.adds
    options = {
        option: None if field.default is PydanticUndefined else field.default
        for option, field in step.model_fields.items()
    }
    return {
        "kind": kind,
        "name": name,
        "version": step.version,
        "help": step.help(),
        "about": (step.__doc__ or "").strip(),
        "options": options,
        "required": [name for name, field in step.model_fields.items() if field.is_required()],
        "adds": {column: _type_name(kind_) for column, kind_ in adds.items()},
    }


def _in_full(entry: dict[str, Any]) -> str:
    import inspect

    lines = [f"{entry['kind']}.{entry['name']} (version {entry['version']})", ""]
    lines += [f"  {line}".rstrip() for line in inspect.cleandoc(entry["about"]).splitlines()]
    if entry["options"]:
        lines += ["", "options:"]
        for option, value in entry["options"].items():
            given = " (must be given)" if option in entry["required"] else f" = {value!r}"
            lines.append(f"  {option}{given}")
    if entry["adds"]:
        lines += ["", "columns:", *(f"  {c}: {kind}" for c, kind in entry["adds"].items())]
    return "\n".join(lines)


def _type_name(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind)
