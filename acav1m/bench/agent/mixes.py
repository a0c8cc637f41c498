"""AVAgent's Table 1, scaled down: scores of sets with edited ("true") and unedited sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m.bench.agent.policies import NONE, PLANNER
from acav1m.bench.figures import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acav1m.engines import Row

PARTS = {"N/0": (1, 0), "0/N": (0, 1), "N/N": (1, 1), "N/2N": (1, 2), "2N/N": (2, 1)}
"""Parts of edited and unedited pairs, as the paper mixes 50k and 100k of them."""

SCORERS = {
    "embedded": ("alignment", "temporal"),
    "in words": ("words_alignment", "words_temporal"),
}
"""Columns of alignment and temporal alignment; in words as by X-CLIP, a model of text."""


def mixes(rows: Sequence[Row]) -> dict[str, Any]:
    """Mean scores of each mix by each scorer, over the pairs that it scores both times.

    The pairs are given, so a mix's mean is the weighted mean of its two parts, and tells nothing
    beyond these. The paper's is not: its mixes score outside of what their parts do.
    """
    return {
        scorer: {name: _pair(_parts(rows, column)) for name, column in _named(columns)}
        for scorer, columns in SCORERS.items()
    }


def _named(columns: tuple[str, str]) -> list[tuple[str, str]]:
    return list(zip(("alignment", "temporal"), columns, strict=True))


def _parts(rows: Sequence[Row], column: str) -> list[tuple[float, float]]:
    """Edited and unedited, where both are known."""
    told = [(row["scores"][PLANNER][column], row["scores"][NONE][column]) for row in rows]
    return [pair for pair in told if None not in pair]


def _pair(pairs: Sequence[tuple[float, float]]) -> dict[str, Any] | None:
    if not pairs:
        return None
    means = np.mean(pairs, axis=0)
    return {
        "pairs": len(pairs),
        **{mix: rounded(float(np.average(means, weights=parts))) for mix, parts in PARTS.items()},
    }
