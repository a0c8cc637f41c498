"""A folder as a registry: each file holds the one thing of its name."""

from __future__ import annotations

import pkgutil
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from types import ModuleType

T = TypeVar("T")


def names(folder: ModuleType) -> list[str]:
    """Names of a folder's files, less those that begin with an underscore."""
    return sorted(
        m.name for m in pkgutil.iter_modules(folder.__path__) if not m.name.startswith("_")
    )


def only(module: ModuleType, base: type[T]) -> type[T]:
    """The one public class of a module that builds on `base`; imported ones do not count."""
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, base)
        and value.__module__ == module.__name__
        and not value.__name__.startswith("_")
    ]
    if len(found) != 1:
        raise TypeError(f"{module.__name__} must hold one {base.__name__}, holds {len(found)}")
    return found[0]
