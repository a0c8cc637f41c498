"""Folders that a report is put into."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from acav1m.errors import AcavError

if TYPE_CHECKING:
    import re
    from pathlib import Path


def check(out: Path, ours: re.Pattern[str], marker: str, what: str) -> None:
    """Refuse a place where a report cannot be put, or would be among what is not ours.

    An earlier report holds the file `marker` and only files whose names match `ours`; `what`
    says what such a report is, for the refusal.

    Raises:
        AcavError: It is no folder, or it holds something else than an earlier report.
    """
    there = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not there.is_dir():
        raise AcavError(f"--out {out}: {there} is a file; name a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise AcavError(f"--out {out}: {there} cannot be written to")
    names = sorted(path.name for path in out.iterdir()) if there == out else []
    foreign = [n for n in names if not (ours.fullmatch(n) and (out / n).is_file())]
    if foreign or (names and marker not in names):
        shown = (foreign or names)[0]
        raise AcavError(f"--out {out}: holds {shown}, which is no {what}; choose another")
