"""A benchmark's report for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m import drawing
from acav1m.bench import markdown, table

if TYPE_CHECKING:
    from acav1m.bench.curation import Report


def text(report: Report) -> str:
    """The table, what was left out, and how long a clip took."""
    import pyarrow as pa

    names, rows = table.heading(), table.rows(report.figures)
    columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    left_out = markdown.left_out(report.figures)
    return "\n".join(
        [markdown.about(report.figures), drawing.rows(pa.table(columns)), *left_out, *took(report)]
    )


def took(report: Report) -> list[str]:
    """How long a clip took each backend."""
    return [
        f"{backend}: {one['seconds_per_clip']:.2f} CPU seconds a clip, "
        f"{one['times_real_time']:g} times as fast as it plays"
        for backend, one in report.timing.items()
    ]
