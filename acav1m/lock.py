"""The lock: everything that decided a release, so that it can be understood and made again."""

from __future__ import annotations

import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from acav1m.media import ffmpeg
from acav1m.select import DUPLICATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acav1m.plan import Plan

TOOLS = ("acav1m", "av", "duckdb", "numpy", "onnxruntime", "pyarrow", "pyloudnorm", "soxr")


def lock(plan: Plan, overrides: Sequence[str], limit: int | None) -> dict[str, Any]:
    """The resolved recipe, each step's identity, and the versions that ran."""
    return {
        "name": plan.recipe.name,
        "version": plan.recipe.version,
        "recipe": plan.recipe.model_dump(mode="json", exclude=set(plan.steps)),
        "steps": {
            kind: {name: step.identity() for name, step in made.items()}
            for kind, made in plan.steps.items()
        },
        "conditions": {
            name: {"keep": step.keep(), "on_fail": step.on_fail}
            for name, step in plan.filters.items()
        },
        "reasons": [DUPLICATE, *plan.filters, *plan.selectors],
        "overrides": list(overrides),
        "limit": limit,
        "tools": {tool: _version(tool) for tool in TOOLS}
        | {"python": platform.python_version(), "ffmpeg": _ffmpeg()},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _ffmpeg() -> str:
    said = subprocess.run(
        [ffmpeg.program(), "-version"], capture_output=True, text=True, check=True
    )
    return said.stdout.split()[2]
