"""Figures that are the same bytes every time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

INCHES = (6.0, 4.0)
KINDS = ("png", "svg")
METADATA: dict[str, dict[str, None]] = {"png": {"Software": None}, "svg": {"Date": None}}
"""Neither a clock nor a version is written into a picture."""

STYLE: dict[Any, Any] = {
    "svg.hashsalt": "acav1m",  # else the ids in an SVG are new ones each time
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@contextmanager
def drawn(
    path: Path, size: tuple[float, float] = INCHES, kinds: Collection[str] = KINDS
) -> Iterator[Any]:
    """A figure of `size` inches that is written when the block ends, under each kind's suffix."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(figure)
        yield figure
        for kind in kinds:
            figure.savefig(path.with_suffix(f".{kind}"), dpi=100, metadata=METADATA[kind])
