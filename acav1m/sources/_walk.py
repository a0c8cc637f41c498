"""Find files below a folder in the order of their names, and lose none without a word."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from acav1m.errors import AcavError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ANY_DEPTH = "**"


def files(root: Path, pattern: Sequence[str], option: str = "sources.files.path") -> Iterator[Path]:
    """Stream what matches a pattern, given part by part; `**` stands for folders at any depth.

    Everything that is no folder is a file, a link that leads nowhere too. Folders that do not fit
    the pattern are not looked into. Linked folders are followed, but not back into themselves.

    Raises:
        AcavError: A folder cannot be read; `option` is what named it.
    """
    try:
        yield from _below(root, tuple(pattern), frozenset({0}), frozenset())
    except _Unreadable as error:
        raise AcavError(f"{option}: {error}") from error


class _Unreadable(Exception):
    """A folder that cannot be looked into."""


def _below(
    folder: Path, pattern: tuple[str, ...], at: frozenset[int], above: frozenset[str]
) -> Iterator[Path]:
    """`at` holds the parts of the pattern that a name in this folder may match."""
    above |= {os.path.realpath(folder)}
    for entry in _entries(folder):
        then = _matched(entry.name, pattern, at)
        path = folder / entry.name
        if not _is_folder(entry):
            if len(pattern) in then:
                yield path
        elif then - {len(pattern)} and os.path.realpath(path) not in above:
            yield from _below(path, pattern, then, above)


def _matched(name: str, pattern: tuple[str, ...], at: frozenset[int]) -> frozenset[int]:
    """Parts that may follow once `name` is matched; `len(pattern)` means that all are."""
    found: set[int] = set()
    for part in _open(pattern, at):
        if part < len(pattern) and pattern[part] == ANY_DEPTH:
            found.add(part)
        elif part < len(pattern) and fnmatchcase(name, pattern[part]):
            found.add(part + 1)
    return _open(pattern, found)


def _open(pattern: tuple[str, ...], at: frozenset[int] | set[int]) -> frozenset[int]:
    """Add what comes after a `**`, which may also stand for no folder at all."""
    found = set(at)
    for part in range(len(pattern)):
        if part in found and pattern[part] == ANY_DEPTH:
            found.add(part + 1)
    return frozenset(found)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        name = os.fsencode(folder).decode(errors="backslashreplace")
        raise _Unreadable(f"{name}: {error.strerror}") from error


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, or into a folder that may not be entered
        return False
