"""Put a benchmark's report into a folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from acav1m.bench import markdown

if TYPE_CHECKING:
    from pathlib import Path

    from acav1m.bench.curation import Report


def write(report: Report, out: Path) -> None:
    """Write `curation.json`, `curation.md` and the pictures; nothing in them has a clock."""
    out.mkdir(parents=True, exist_ok=True)
    figures = json.dumps(report.figures, indent=1, ensure_ascii=False)
    (out / "curation.json").write_text(figures + "\n", encoding="utf-8")
    (out / "curation.md").write_text(markdown.text(report.figures), encoding="utf-8")
