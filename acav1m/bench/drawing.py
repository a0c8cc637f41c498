"""Draw what a benchmark found: ROC curves, scores, and found against planted offsets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m.bench.results import judge
from acav1m.bench.trials import CLEAN
from acav1m.pictures import drawn

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from acav1m.bench.figures import Score, Trial
    from acav1m.bench.results import Trials

    Floats = NDArray[np.float64]

BINS = 12
"""Few enough that the bars of every strength stand side by side and can still be told apart."""


def draw(trials: Trials, raw: Mapping[str, str], min_confidence: float, out: Path) -> None:
    """Write `roc-*` and `scores-*` for each defect, and `offsets`."""
    clean = trials.get((CLEAN, CLEAN), ())
    for defect in sorted({defect for defect, _ in trials} - {CLEAN}):
        strengths = {s: some for (d, s), some in trials.items() if d == defect}
        score = judge(defect, raw)
        with drawn(out / f"roc-{defect}") as figure:
            _roc(figure, defect, score, clean, strengths)
        with drawn(out / f"scores-{defect}") as figure:
            _histogram(figure, defect, score, clean, strengths)
    shifted = [t for some in trials.values() for t in some if t.offset_s]
    with drawn(out / "offsets") as figure:
        _offsets(figure, [*clean, *shifted], min_confidence)


def _roc(
    figure: Any,
    defect: str,
    score: Score,
    clean: Sequence[Trial],
    strengths: Mapping[str, Sequence[Trial]],
) -> None:
    axes = figure.subplots()
    usual = _values(score, clean)
    for strength, some in strengths.items():
        odd = _values(score, some)
        if usual.size and odd.size:
            axes.plot(*_shares_above(usual, odd), label=strength)
    axes.plot([0, 1], [0, 1], color="0.8", linewidth=1, zorder=0)
    axes.set(
        title=f"{defect} by {score.column}",
        xlabel="share of clean clips called damaged",
        ylabel="share of damaged clips found",
    )
    if axes.get_legend_handles_labels()[0]:
        figure.legend(loc="outside right upper", title="strength")


def _shares_above(*kinds: Floats) -> list[Floats]:
    """Share of each kind at or above every limit, from none to all."""
    limits = np.unique(np.concatenate([*kinds, [np.inf, -np.inf]]))[::-1]
    return [(values[:, None] >= limits).mean(axis=0) for values in kinds]


def _histogram(
    figure: Any,
    defect: str,
    score: Score,
    clean: Sequence[Trial],
    strengths: Mapping[str, Sequence[Trial]],
) -> None:
    axes = figure.subplots()
    kinds = {CLEAN: clean, **strengths}
    known = {kind: _shown(score, some) for kind, some in kinds.items()}
    everything = np.concatenate(list(known.values()))
    if everything.size:
        edges = np.histogram_bin_edges(everything, BINS)
        axes.hist(list(known.values()), edges, label=list(known))
        axes.yaxis.get_major_locator().set_params(integer=True)
        figure.legend(loc="outside right upper")
    axes.set(title=f"{defect}: {score.column}", xlabel=score.column, ylabel="number of trials")


def _offsets(figure: Any, trials: Sequence[Trial], min_confidence: float) -> None:
    axes = figure.subplots()
    found = [t for t in trials if t.columns.get("sync_offset_s") is not None]
    sure = [(t.columns.get("sync_confidence") or 0.0) >= min_confidence for t in found]
    for is_sure, label, colour in ((False, "not sure", "0.7"), (True, "sure", "C0")):
        some = [t for t, s in zip(found, sure, strict=True) if s == is_sure]
        planted = [t.offset_s for t in some]
        axes.scatter(planted, [t.columns["sync_offset_s"] for t in some], 9, colour, label=label)
    axes.axline((0, 0), slope=1, color="0.8", linewidth=1, zorder=0)
    axes.set(title="offsets", xlabel="planted (s)", ylabel="found (s)")
    figure.legend(loc="outside right upper")


def _values(score: Score, trials: Sequence[Trial]) -> Floats:
    """High where damaged, as the figures have it; unknown ones are left out."""
    told = [score.of(t.columns) for t in trials]
    return np.array([value for value in told if value is not None])


def _shown(score: Score, trials: Sequence[Trial]) -> Floats:
    """As the ledger has it."""
    told = [t.columns.get(score.column) for t in trials]
    return np.array([float(value) for value in told if value is not None])
