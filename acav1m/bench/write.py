"""Put a benchmark's report into a folder."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from acav1m import outfolder
from acav1m.bench import curves, drawing, markdown

if TYPE_CHECKING:
    from pathlib import Path

    from acav1m.bench.curation import Report

JSON = "curation.json"
MARKDOWN = "curation.md"
PICTURE = re.compile(r"(offsets|(roc|scores|curves)-.+)\.(png|svg)")
OURS = re.compile(rf"{re.escape(JSON)}|{re.escape(MARKDOWN)}|{PICTURE.pattern}")


def check(out: Path) -> None:
    """Refuse a place where a report cannot be put, or would be among what is not ours.

    Raises:
        AcavError: It is no folder, or it holds something else than an earlier report.
    """
    outfolder.check(out, OURS, JSON, "benchmark")


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
