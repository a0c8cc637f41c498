"""The agent's report for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m import drawing
from acav1m.bench.agent import markdown

if TYPE_CHECKING:
    from acav1m.bench.agent.running import Report
    from acav1m.bench.agent.table import Table


def text(report: Report) -> str:
    """The tables, what was left out, and how long a clip took."""
    parts = [markdown.about(report.figures)]
    for made, explained in markdown.sections(report.figures):
        parts += [_drawn(made), explained, ""]
    return "\n".join([*parts, *markdown.left_out(report.figures), *took(report)])


def took(report: Report) -> list[str]:
    """How long the planner's loop took for a clip."""
    return [
        f"{name} clip: {one['cpu_s_per_clip']:.2f} CPU seconds in the loop, "
        f"{one['cpu_s_per_s']:.2f} for each second of sound"
        for name, one in report.timing.items()
    ]


def _drawn(made: Table) -> str:
    import pyarrow as pa

    columns = {name: [row[at] for row in made.rows] for at, name in enumerate(made.heading)}
    return drawing.rows(pa.table(columns))
