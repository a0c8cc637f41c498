"""Find the recipes, cards and column dictionary, in a checkout and in an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_PACKAGE = Path(__file__).parent


@cache
def folder(name: str) -> Path:
    """Return the folder `recipes`, `cards` or `metadata` that ships with the package."""
    installed, checkout = _PACKAGE / "_shipped" / name, _PACKAGE.parent / name
    return installed if installed.is_dir() else checkout


@cache
def columns() -> dict[str, dict[str, Any]]:
    """The column dictionary: meaning, type, unit, range and origin of every column."""
    return _dictionary("columns")


@cache
def edits() -> dict[str, dict[str, Any]]:
    """The same of the columns of a release's table of attempted edits, less their origin."""
    return _dictionary("edits")


def _dictionary(name: str) -> dict[str, dict[str, Any]]:
    text = (folder("metadata") / f"{name}.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return found
