"""`recipe.lock.yaml`: the resolved recipe, the versions that ran, and the counts to hold to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from acav1m.errors import ReleaseError
from acav1m.release import layout
from acav1m.sql import first_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa

    from acav1m.recipe import Recipe


def make(recipe: Recipe, given: Mapping[str, Any], ledger: pa.Table) -> dict[str, Any]:
    """Add to the build's lock what `verify` holds the tables to, all as plain values."""
    states = ledger.column("state").to_pylist()
    lock = {
        "recipe": recipe.model_dump(mode="json"),
        **given,
        "format": layout.FORMAT,
        "counts": {"seen": len(states), **{s: states.count(s) for s in layout.STATES}},
        "reasons": list(given.get("reasons", [*recipe.filters, *recipe.selectors])),
    }
    plain: dict[str, Any] = json.loads(json.dumps(lock, allow_nan=False))
    return plain


def text(lock: Mapping[str, Any]) -> str:
    """The lock as YAML; the order of steps is kept, for it is the order they ran in."""
    return yaml.safe_dump(lock, sort_keys=False, allow_unicode=True)


def read(folder: Path) -> dict[str, Any]:
    """Read the lock of a release.

    Raises:
        ReleaseError: The folder is no release, or one of another format.
    """
    try:
        found = yaml.safe_load((folder / layout.LOCK).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ReleaseError(f"{folder} is no release: it has no {layout.LOCK}") from error
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        reason = first_line(error)
        raise ReleaseError(f"{folder}: {layout.LOCK} is not readable: {reason}") from error
    version = found.get("format") if isinstance(found, dict) else None
    if version != layout.FORMAT:
        raise ReleaseError(
            f"{folder} is a release of format {version}, this program reads {layout.FORMAT}"
        )
    lock: dict[str, Any] = found
    return lock


def counts(lock: Mapping[str, Any]) -> dict[str, int]:
    """Candidates seen and in each state, as far as the lock holds such numbers.

    >>> counts({"counts": {"seen": 2, "kept": None}}), counts({"counts": "many"})
    ({'seen': 2}, {})
    """
    stated = _inside(lock, "counts")
    return {s: n for s in ("seen", *layout.STATES) if isinstance(n := stated.get(s), int)}


def reasons(lock: Mapping[str, Any]) -> list[str]:
    """Every name that `rejected_by` may hold, in the order they apply."""
    names = lock.get("reasons")
    return [str(name) for name in names] if isinstance(names, list) else []


def options(lock: Mapping[str, Any], reason: str) -> tuple[str, dict[str, Any]] | None:
    """Kind and options of the filter or selector of that name, if it is one."""
    for kind in ("filters", "selectors"):
        steps = _inside(lock, "steps", kind)
        if reason in steps:
            return kind, dict(_inside(steps, reason, "options"))
    return None


def sources(lock: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every source by name, with its options as they were published."""
    return {
        str(name): dict(_inside(one, "options"))
        for name, one in _inside(lock, "steps", "sources").items()
    }


def condition(lock: Mapping[str, Any], reason: str) -> str | None:
    """The SQL a filter held clips to, as the lock has it."""
    keep = _inside(lock, "conditions", reason).get("keep")
    return str(keep) if keep is not None else None


def has_editors(lock: Mapping[str, Any]) -> bool:
    """Whether the recipe names steps that edit sound."""
    return bool(_inside(lock, "steps", "editors") or _inside(lock, "recipe", "editors"))


def keeps_originals(lock: Mapping[str, Any]) -> bool:
    """Whether the recipe wants the sound before editing beside each edited clip."""
    return _inside(lock, "recipe", "release").get("originals") is True


def _inside(found: Any, *keys: str) -> Mapping[Any, Any]:
    """The mapping below these keys; an empty one where a strange or damaged lock has none."""
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
