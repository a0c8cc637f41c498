"""A plan: what a planner wants done to the sound, checked against what may be done.

A planner says it as JSON, for example

    {"reason": "hiss under the speech", "noise": {"action": "wiener", "parameters": {}},
     "coordination": {"action": "speed", "parameters": {"start_s": 0.5}}}

and `null` for what is not to be done.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from acav1m.agent import action as actions
from acav1m.agent.action import Action, Kind
from acav1m.agent.transform import Edit
from acav1m.errors import AcavError, did_you_mean
from acav1m.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

REASON_CHARACTERS = 500
"""Of a reason: planners that talk without end must not fill the release."""

FIRST = ("fill_blanks",)
"""Actions that come before noise filters: a filter smears the edges that a blank is known by."""


class PlanError(AcavError):
    """What is wrong with a plan, in one line that a planner can be told."""


class Plan(BaseModel):
    """At most one action of each kind, and why; without any, the sound stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: str = Field(max_length=REASON_CHARACTERS)
    noise: Edit | None = None
    coordination: Edit | None = None

    @classmethod
    def of(cls, reason: str, *acts: Action) -> Self:
        """The plan of some actions, at most one of each kind."""
        chosen = {act.kind: Edit.of(act) for act in acts}
        if len(chosen) < len(acts):
            raise ValueError("a plan has at most one action of a kind")
        return cls(reason=reason[:REASON_CHARACTERS], **chosen)

    @classmethod
    def parse(cls, told: str) -> Self:
        """Read a planner's JSON; a reason that goes on and on is cut off, and made printable.

        Raises:
            PlanError: It is no JSON, or asks for what no plan may ask for.
        """
        try:
            found = json.loads(told)
        except (ValueError, RecursionError) as error:
            raise PlanError(f"not JSON: {error}") from None
        if not isinstance(found, dict):
            raise PlanError(f"not a JSON object: {type(found).__name__}")
        odd = sorted(map(str, found.keys() - {"reason", *get_args(Kind)}))
        if odd:
            raise PlanError(f"{odd[0]!r} is no part of a plan")
        chosen = {kind: _edit(kind, found.get(kind)) for kind in get_args(Kind)}
        reason = found.get("reason", "")
        if not isinstance(reason, str):
            raise PlanError("reason: must be a text")
        return cls(reason=printable(reason[:REASON_CHARACTERS]), **chosen)

    def told(self) -> dict[str, Any]:
        """As a planner says it."""
        edits = {kind: getattr(self, kind) for kind in get_args(Kind)}
        return {"reason": self.reason} | {
            kind: edit and edit.model_dump(include={"action", "parameters"})
            for kind, edit in edits.items()
        }

    def acts(self) -> tuple[Action, ...]:
        """The actions, in the order that they are applied."""
        edits = [edit for edit in (self.noise, self.coordination) if edit is not None]
        return tuple(edit.act() for edit in sorted(edits, key=lambda e: e.action not in FIRST))


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema of what a planner says."""
    kinds = {
        kind: {
            "anyOf": [
                *(_action_schema(name) for name in actions.names() if _kind(name) == kind),
                {"type": "null"},
            ]
        }
        for kind in get_args(Kind)
    }
    return {
        "type": "object",
        "properties": {"reason": {"type": "string", "maxLength": REASON_CHARACTERS}, **kinds},
        "required": ["reason", *kinds],
        "additionalProperties": False,
    }


def _action_schema(name: str) -> dict[str, Any]:
    act = actions.load(name)
    parameters = {
        option: {"type": "number", "minimum": limits["minimum"], "maximum": limits["maximum"]}
        for option, limits in act.model_json_schema()["properties"].items()
    }
    return {
        "type": "object",
        "description": act.help(),
        "properties": {
            "action": {"const": name},
            "parameters": {
                "type": "object",
                "properties": parameters,
                "additionalProperties": False,
            },
        },
        "required": ["action", "parameters"],
        "additionalProperties": False,
    }


def _kind(name: str) -> Kind:
    return actions.load(name).kind


def _edit(kind: Kind, found: Any) -> Edit | None:
    if found is None:
        return None
    if not isinstance(found, dict) or not found.keys() <= {"action", "parameters"}:
        raise PlanError(f"{kind}: must be null, or an action and its parameters")
    name = found.get("action")
    if not isinstance(name, str):
        raise PlanError(f"{kind}: its action must be a name")
    known = [one for one in actions.names() if _kind(one) == kind]
    if name not in known:
        raise PlanError(f"{kind}: no such action {name!r}{did_you_mean(name, known)}")
    try:
        return Edit.of(actions.load(name)(**(found.get("parameters") or {})))
    except (TypeError, ValidationError) as error:
        raise PlanError(f"{kind}.{name}: {_first(error)}") from None


def _first(error: TypeError | ValidationError) -> str:
    if isinstance(error, TypeError):
        return "parameters must be a JSON object"
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
