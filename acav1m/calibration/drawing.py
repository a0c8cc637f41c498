"""Draw what calibration found: ROC, reliability, and histograms of the raw scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m.calibration.map import from_json
from acav1m.pictures import METADATA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matplotlib.figure import Figure

MATCHED, MISMATCHED, GREY = "#1b6ca8", "#d1495b", "#888888"
STYLE: Any = {
    "svg.hashsalt": "acav1m",
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def write(found: Mapping[str, Any], folder: Path) -> None:
    """Draw each column that has evidence, as `<column>.png` and `.svg`."""
    for column, one in found["columns"].items():
        if one["evidence"]:
            _draw(column, one, folder)


def _draw(column: str, found: Mapping[str, Any], folder: Path) -> None:
    import matplotlib

    with matplotlib.rc_context(STYLE):
        figure = drawn(column, found)
        for kind, metadata in METADATA.items():
            figure.savefig(folder / f"{column}.{kind}", metadata=metadata)


def drawn(column: str, found: Mapping[str, Any]) -> Figure:
    """The picture of one column, in the style of the moment."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.5, 3.4), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(f"{column}, calibrated by {found['by']}")
    roc, reliability, histogram = figure.subplots(1, 3)
    _roc(roc, found)
    _reliability(reliability, found)
    _histogram(histogram, found)
    return figure


def _roc(axes: Any, found: Mapping[str, Any]) -> None:
    auc = found["evidence"]["auc"]
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle="--")
    axes.plot(*np.array(found["curves"]["roc"]).T, color=MATCHED)
    axes.set(xlabel="mismatched pairs that pass", ylabel="matched pairs that pass")
    axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01))
    axes.set_title(f"AUC {auc['value']:.3f}, 95 % {auc['low']:.3f} to {auc['high']:.3f}")


def _reliability(axes: Any, found: Mapping[str, Any]) -> None:
    bins = [one for one in found["evidence"]["bins"] if one]
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle="--")
    predicted, observed = ([one[k] for one in bins] for k in ("predicted", "observed"))
    axes.plot(predicted, observed, color=MATCHED, marker="o", markersize=4)
    for one in bins:
        axes.annotate(
            str(one["pairs"]),
            (one["predicted"], one["observed"]),
            textcoords="offset points",
            xytext=(4, -9),
            fontsize=7,
            color=GREY,
        )
    axes.set(xlabel="probability said (numbers: pairs)", ylabel="share matched")
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.05, 1.05))
    axes.set_title(f"calibration error {found['evidence']['calibration_error']:.3f}")


def _histogram(axes: Any, found: Mapping[str, Any]) -> None:
    """Both kinds as shares of their own, and the map over them."""
    edges = np.array(found["curves"]["edges"])
    for kind, colour in (("matched", MATCHED), ("mismatched", MISMATCHED)):
        counts = np.array(found["curves"]["counts"][kind])
        share = counts / counts.sum()
        axes.stairs(share, edges, fill=True, color=colour, alpha=0.45, label=kind)
    axes.set(xlabel=found["raw"], ylabel="share of pairs of a kind")
    over = axes.twinx()
    raw = np.linspace(edges[0], edges[-1], 200)
    over.plot(raw, from_json(found["map"]).probabilities(raw), color="black", linewidth=1)
    over.set(ylim=(0, 1), ylabel="calibrated (line)")
    over.spines["right"].set_visible(True)
    axes.legend(frameon=False, loc="upper left", fontsize=8)
    axes.set_title("raw scores and the map")
