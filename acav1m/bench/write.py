"""Put a benchmark's report into a folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from acav1m.bench import curves, drawing, markdown

if TYPE_CHECKING:
    from pathlib import Path

    from acav1m.bench.curation import Report


def write(report: Report, out: Path) -> None:
    """Write `curation.json`, `curation.md` and the pictures; nothing in them has a clock.

    The pictures are of the first backend; the clips must still be there.
    """
    out.mkdir(parents=True, exist_ok=True)
    figures = json.dumps(report.figures, indent=1, ensure_ascii=False)
    (out / "curation.json").write_text(figures + "\n", encoding="utf-8")
    (out / "curation.md").write_text(markdown.text(report.figures), encoding="utf-8")
    backend, trials = next(iter(report.trials.items()))
    drawing.draw(trials, report.raw[backend], report.figures["min_confidence"], out)
    curves.draw(report.gathered, trials, out)
