"""Why a clip was rejected or flagged: the rule, and the values that it was held to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from acav1m import steps
from acav1m.errors import AcavError, RecipeError
from acav1m.release import lock
from acav1m.sql import reads

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Reason:
    """One filter or selector that rejected or flagged a clip."""

    name: str
    effect: str
    """`rejected` or `flagged`."""

    options: Mapping[str, Any]
    keep: str | None
    """The SQL that had to hold, where the release or this program knows it."""

    values: Mapping[str, Any]
    """The clip's values of the columns that SQL reads."""


def of(
    row: Mapping[str, Any], locked: Mapping[str, Any], types: Mapping[str, Any]
) -> tuple[Reason, ...]:
    """Every reason of one row; `types` are those of its columns."""
    return tuple(
        _reason(name, effect, row, locked, types)
        for effect, names in (("rejected", row["rejected_by"]), ("flagged", row["flags"]))
        for name in names or ()
    )


def _reason(
    name: str,
    effect: str,
    row: Mapping[str, Any],
    locked: Mapping[str, Any],
    types: Mapping[str, Any],
) -> Reason:
    kind, options = lock.options(locked, name) or ("", {})
    keep = lock.condition(locked, name) or _keep(kind, name, options)
    return Reason(name, effect, options, keep, _values(keep, row, types))


def _keep(kind: str, name: str, options: Mapping[str, Any]) -> str | None:
    """Ask the step itself, for a selector's SQL is not in the lock."""
    try:
        step = steps.load(kind, name)(**options) if kind else None
    except (AcavError, ValueError):
        return None  # a step of another package or version: its options have to do
    return step.keep() if isinstance(step, steps.Filter | steps.Selector) else None


def _values(keep: str | None, row: Mapping[str, Any], types: Mapping[str, Any]) -> dict[str, Any]:
    if keep is None:
        return {}
    try:
        used = reads(keep, types)
    except RecipeError:
        return {}
    return {name: row[name] for name in row if name in used}
