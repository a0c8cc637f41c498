"""Put a benchmark's report into a folder."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

from acav1m.bench import curves, drawing, markdown
from acav1m.errors import AcavError

if TYPE_CHECKING:
    from pathlib import Path

    from acav1m.bench.curation import Report

JSON = "curation.json"
MARKDOWN = "curation.md"
PICTURE = re.compile(r"(offsets|(roc|scores|curves)-.+)\.(png|svg)")


def check(out: Path) -> None:
    """Refuse a place where a report cannot be put, or would be among what is not ours.

    Raises:
        AcavError: It is no folder, or it holds something else than an earlier report.
    """
    there = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not there.is_dir():
        raise AcavError(f"--out {out}: {there} is a file; name a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise AcavError(f"--out {out}: {there} cannot be written to")
    names = sorted(path.name for path in out.iterdir()) if there == out else []
    foreign = [name for name in names if not _is_ours(out / name)]
    if foreign or (names and JSON not in names):
        shown = (foreign or names)[0]
        raise AcavError(f"--out {out}: holds {shown}, which is no benchmark; choose another")


def _is_ours(path: Path) -> bool:
    named = path.name in (JSON, MARKDOWN) or PICTURE.fullmatch(path.name)
    return bool(named) and path.is_file()


def write(report: Report, out: Path) -> None:
    """Write `curation.json`, `curation.md` and the pictures; nothing in them has a clock.

    The pictures are of the first backend; the clips must still be there. Those of an earlier
    report go, for this one may not have them.

    Raises:
        AcavError: See `check`.
    """
    check(out)
    out.mkdir(parents=True, exist_ok=True)
    figures = json.dumps(report.figures, indent=1, ensure_ascii=False)
    (out / JSON).write_text(figures + "\n", encoding="utf-8")
    for path in out.iterdir():
        if PICTURE.fullmatch(path.name):
            path.unlink()
    (out / MARKDOWN).write_text(markdown.text(report.figures), encoding="utf-8")
    backend, trials = next(iter(report.trials.items()))
    drawing.draw(trials, report.raw[backend], report.figures["min_confidence"], out)
    curves.draw(report.gathered, trials, out)
