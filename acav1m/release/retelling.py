"""What came of editing one clip's sound, told to people cycle by cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.agent.transform import Edit, Transform
from acav1m.drawing import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SCORES = ("alignment", "temporal", "soundness")


def lines(edit: Mapping[str, Any], attempts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The result and why, then each attempt: what was planned and why, and what it was worth."""
    result, reason = shown(edit["edit_result"]), shown(edit["edit_reason"])
    yield f"{result if result == 'edited' else f'not edited, {result}'}: {reason}"
    for attempt in attempts:
        yield from (f"  {line}" for line in _attempt(attempt))
    if edit["edit_transform"] is not None:
        yield f"  from the original to this sound: {actions(edit['edit_transform'])}"


def actions(told: str | None) -> str:
    """The actions of a transform's JSON, or that text where it is none.

    >>> from acav1m.agent.actions.volume import Volume
    >>> actions(Transform.of(Volume(target_lufs=-20)).model_dump_json())
    'volume(target_lufs=-20, peak_ceiling_db=-1)'
    >>> actions('{"edits": []}'), actions("[")
    ('nothing', '[')
    """
    try:
        edits = Transform.model_validate_json(told or "").edits
    except ValueError:
        return shown(told)
    return ", ".join(map(_action, edits)) or "nothing"


def _action(edit: Edit) -> str:
    options = (f"{name}={shown(value)}" for name, value in edit.parameters.items())
    return f"{shown(edit.action)}({', '.join(options)})"


def _attempt(attempt: Mapping[str, Any]) -> Iterator[str]:
    said = f"cycle {shown(attempt['cycle'])}, planner {shown(attempt['planner'])}"
    if attempt["transform"] is None:
        yield f"{said}: {shown(attempt['outcome'])}"
        return
    yield f"{said}: {actions(attempt['transform'])}, because {shown(attempt['reason'])}"
    if any(attempt[f"{score}_after"] is not None for score in SCORES):
        yield f"  {_scores(attempt)}"
    yield f"  {shown(attempt['outcome'])}"


def _scores(attempt: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{score} {shown(attempt[f'{score}_before'])} -> {shown(attempt[f'{score}_after'])}"
        for score in SCORES
    )
