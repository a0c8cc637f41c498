"""What a plan may look like as text: a pattern that also knows its own beginnings.

All of a plan but the ranges of its numbers is a regular language, so the `regex` package (which
transformers brings along) can say of any text whether it may yet become a plan.
"""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

from acav1m.agent import action as actions
from acav1m.agent.action import Kind

REASON = r'"(?:[^"\\\p{C}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})){0,200}"'
NUMBER = r"-?(?:0|[1-9][0-9]{0,3})(?:\.[0-9]{1,4})?"
SPACE = " ?"


def may_become_plan(text: str) -> bool:
    """Whether a plan can begin so.

    >>> may_become_plan('{"reason":"hiss","noise":{"action":"wie')
    True
    >>> may_become_plan('{"reason":"hiss","noise":{"action":"mute')
    False
    """
    return _pattern().fullmatch(text, partial=True) is not None


def is_plan(text: str) -> bool:
    """Whether it is a whole plan, but for the ranges of its numbers.

    >>> is_plan('{"reason": "all is well", "noise": null, "coordination": null}')
    True
    """
    return _pattern().fullmatch(text) is not None


@cache
def _pattern() -> Any:
    import regex

    parts = [f'"reason":{SPACE}{REASON}'] + [
        f'"{kind}":{SPACE}(?:null|{_edits(kind)})' for kind in get_args(Kind)
    ]
    return regex.compile(rf"{SPACE}\{{{f',{SPACE}'.join(parts)}\}}")


def _edits(kind: Kind) -> str:
    found = (actions.load(name) for name in actions.names())
    return (
        "(?:"
        + "|".join(_edit(act.name(), list(act.model_fields)) for act in found if act.kind == kind)
        + ")"
    )


def _edit(name: str, parameters: list[str]) -> str:
    one = rf'"(?:{"|".join(parameters)})":{SPACE}{NUMBER}'
    some = rf"(?:{one}(?:,{SPACE}{one}){{0,{len(parameters) - 1}}})?"
    return rf'\{{"action":{SPACE}"{name}",{SPACE}"parameters":{SPACE}\{{{some}\}}\}}'
