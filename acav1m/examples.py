"""A recipe's examples, tried on its filters: rows of columns, and who must object to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.errors import RecipeError, did_you_mean
from acav1m.sql import reads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from acav1m.steps import Filter


VERDICTS = ("reject", "flag", "realign")
"""Keys of an example beside columns: what a filter's `on_fail` says."""


def complaints(
    examples: Iterable[Mapping[str, Any]],
    filters: Mapping[str, Filter],
    columns: Mapping[str, Any],
) -> list[str]:
    """Say which examples do not hold, and why."""
    return [
        f"examples[{at}]: {complaint}"
        for at, example in enumerate(examples)
        for complaint in _try(example, filters, columns)
    ]


def _try(
    example: Mapping[str, Any], filters: Mapping[str, Filter], columns: Mapping[str, Any]
) -> list[str]:
    """Complaints about one example.

    Only filters whose columns the row holds are asked; `reject`, `flag` and `realign` name those
    that must object, and no other may.
    """
    row = {c: v for c, v in example.items() if c not in VERDICTS}
    unknown = [c for c in row if c not in columns]
    if unknown:
        return [f"no column {c!r}{did_you_mean(c, columns)}" for c in unknown]
    found = []
    for verdict in VERDICTS:
        expected = _names(example.get(verdict))
        asked = {n: f for n, f in filters.items() if f.on_fail == verdict}
        for name in sorted(expected - set(asked)):
            found.append(f"no filter '{name}' that would {verdict}{did_you_mean(name, asked)}")
        try:
            got = {name for name, step in asked.items() if _objects(step, columns, row)}
        except RecipeError as error:
            return [*found, *error.complaints]
        if not found and got != expected:
            said = ", ".join(sorted(got)) or "nobody"
            found.append(
                f"expected {verdict} by {', '.join(sorted(expected)) or 'nobody'}, got {said}"
            )
    return found


def _objects(step: Filter, columns: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    return reads(step.keep(), columns) <= set(row) and not step.keeps(**row)


def _names(value: Any) -> set[str]:
    if value is None:
        return set()
    return set(map(str, value)) if isinstance(value, list) else {str(value)}
