"""The lock: everything that decided a release, so that it can be understood and made again."""

from __future__ import annotations

import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from acav1m.media import ffmpeg
from acav1m.select import DUPLICATE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acav1m.plan import Plan

TOOLS = ("acav1m", "av", "duckdb", "numpy", "onnxruntime", "pyarrow", "pyloudnorm", "soxr")


FOLDERS = re.compile(r"""(?<![^\s:{"'])(/[^\s/,{}"']+)+/(?=[^\s/,{}"'])""")
"""The folders of an absolute path, also inside YAML."""


QUERY = re.compile(r"""(://[^\s?,{}"']+)\?[^\s,{}"']*""")
"""What follows an address: it may hold a key."""


HIDDEN = frozenset({"cookies", "proxy", "extractor_args", "more", "storage"})
"""Options of sources that may hold keys."""


def lock(
    plan: Plan,
    overrides: Sequence[str],
    limit: int | None,
    opt_out: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The resolved recipe, each step's identity, the opt-out lists, and the versions that ran."""
    return {
        "name": plan.recipe.name,
        "version": plan.recipe.version,
        "recipe": plan.recipe.model_dump(mode="json", exclude=_unused(plan)),
        "steps": {
            kind: {name: step.published() for name, step in made.items()}
            for kind, made in plan.steps.items()
        },
        "conditions": {
            name: {"keep": step.keep(), "on_fail": step.on_fail}
            for name, step in plan.filters.items()
        },
        "reasons": [DUPLICATE, *plan.filters, *plan.selectors],
        **({"consent": {"opt_out": list(opt_out)}} if opt_out else {}),
        "overrides": [_without_folders(override) for override in overrides],
        "limit": limit,
        "tools": {tool: _version(tool) for tool in _tools(plan)}
        | {"python": platform.python_version(), "ffmpeg": ffmpeg.version()},
    }


def _unused(plan: Plan) -> set[str]:
    """Sections of the recipe that stand elsewhere, or that nothing asks for."""
    return {*plan.steps, "consent", *(() if plan.is_remote else ("network",))}


def _tools(plan: Plan) -> list[str]:
    """Packages that decided something; an editor's own only where there is one."""
    if not plan.steps["editors"]:
        return list(TOOLS)
    _, editor = plan.editor
    return sorted({*TOOLS, *editor.packages()}, key=str.lower)


def _without_folders(override: str) -> str:
    """An override as people may see it: a path is nobody's business but its last name.

    >>> _without_folders("sources.files.path=/home/me/videos"), _without_folders("cut.seconds=5")
    ('sources.files.path=videos', 'cut.seconds=5')
    >>> _without_folders("sources.youtube.proxy=http://me:secret@host")
    'sources.youtube.proxy=...'
    >>> _without_folders("sources.webdataset.path=https://host/a/x.tar?signature=secret")
    'sources.webdataset.path=x.tar'
    """
    key, _, value = QUERY.sub(r"\1", override).partition("=")
    if key.startswith("sources") and HIDDEN & set(re.findall(r"\w+", override)):
        return f"{key}=..."
    if key.startswith("consent"):  # the lists stand elsewhere, and an address may hold a key
        return f"{key}=..."
    if key.startswith("sources."):
        return f"{key}={PurePath(value).name}"
    return f"{key}={FOLDERS.sub('', value)}"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
