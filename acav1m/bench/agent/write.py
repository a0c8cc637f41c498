"""Put the agent's report into a folder."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from acav1m import outfolder
from acav1m.bench.agent import drawing, markdown, sounds

if TYPE_CHECKING:
    from pathlib import Path

    from acav1m.bench.agent.running import Report

JSON = "agent.json"
MARKDOWN = "agent.md"
PICTURE = re.compile(r"(recovery|sound-.+)\.(png|svg)")
OURS = re.compile(rf"{re.escape(JSON)}|{re.escape(MARKDOWN)}|{PICTURE.pattern}")


def check(out: Path) -> None:
    """Refuse a place where a report cannot be put, or would be among what is not ours.

    Raises:
        AcavError: It is no folder, or it holds something else than an earlier report.
    """
    outfolder.check(out, OURS, JSON, "benchmark of the agent")


def write(report: Report, out: Path) -> None:
    """Write `agent.json`, `agent.md` and the pictures; nothing in them has a clock.

    The clips must still be there. Pictures of an earlier report go.

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
    drawing.draw(report.figures, out)
    sounds.draw(report, out)
