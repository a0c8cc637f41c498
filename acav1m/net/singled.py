"""Candidates that a host refused while it served others, which says nothing of us.

Without them, a build whose last candidates are all refused for good would be taken for one that is
refused itself, and so would each later build, for what may mean us is tried again by all.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MOST = 100_000
"""Candidates that are remembered, over builds too; of more, the latest."""


class Singled:
    """Candidates by their hashes, and a file of them beside the hosts' records, a line each.

    Other processes hear of them when they begin; a torn line is nobody's hash.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "singled_out"
        lines = self._file.read_text().split() if self._file.exists() else []
        self._hashes = set(lines[-MOST:])
        self._refused: set[str] = set()

    def out(self, hashes: Iterable[str]) -> None:
        """Remember these: others were served."""
        new = [one for one in hashes if one not in self._hashes]
        if not new:
            return
        self._hashes.update(new)
        file = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        with os.fdopen(file, "w") as lines:
            lines.write("".join(f"{one}\n" for one in new))

    def refused(self, one: str, suspects: Iterable[str]) -> bool:
        """One is refused: whether it was before, and is among the suspects no more."""
        again = one in self._refused and one not in suspects
        if len(self._refused) >= MOST:
            self._refused.clear()
        self._refused.add(one)
        return again or one in self._hashes
