"""The threshold whose clips are right as often as asked, and most of them pass it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from acav1m.calibration.evidence import Interval, proportion

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from acav1m.calibration.fit import Pairs

    Floats = NDArray[np.float64]

MIN_PASSING = 20
"""Matched pairs that must pass before a precision can be told from luck."""


class Threshold(NamedTuple):
    """What to ask of a calibrated score, and what that gives."""

    value: float | None
    """None where no threshold gives the precision; `why` says so."""

    precision_asked: float
    mismatched_share: float
    """Share of clips that are taken to be mismatched: precision depends on it."""

    precision: Interval | None = None
    recall: Interval | None = None
    """Share of matched pairs that pass."""

    why: str | None = None


def recommend(
    pairs: Pairs, predicted: Floats, *, precision: float, mismatched_share: float
) -> Threshold:
    """Find the probability that gives the precision and lets the most matched pairs pass.

    It is the middle between the last matched pair that passes and the next one below, whatever
    that is: a threshold at the edge of either kind would not hold for other clips.
    `predicted` are probabilities of pairs that no map was fitted on. Precision is smoothed so that
    it rises with the threshold: one that has it by luck, between two that do not, is none.
    """
    from scipy.optimize import isotonic_regression

    levels = np.unique(predicted)
    passing, wrong = (_at_least(predicted[kind], levels) for kind in _kinds(pairs))
    recall, slip = passing / pairs.matched.sum(), wrong / (~pairs.matched).sum()
    found = _precision(recall, slip, mismatched_share)
    told = int((passing >= MIN_PASSING).sum())
    if not told:
        why = f"fewer than {MIN_PASSING} matched pairs have a score"
        return Threshold(None, precision, mismatched_share, why=why)
    smooth = isotonic_regression(found[:told], weights=passing[:told]).x
    holds = np.flatnonzero(smooth >= precision)
    if not len(holds):
        why = f"no threshold gives a precision of {precision:g}; the best is {smooth[-1]:.3f}"
        return Threshold(None, precision, mismatched_share, why=why)
    last = predicted[pairs.matched & (predicted >= levels[holds[0]])].min()
    value = _between(levels, int(np.searchsorted(levels, last)))
    return measure(pairs, predicted, value, precision=precision, mismatched_share=mismatched_share)


def measure(
    pairs: Pairs, predicted: Floats, value: float, *, precision: float, mismatched_share: float
) -> Threshold:
    """Precision and recall of a threshold; clips, not pairs, say how sure that is."""
    rates = []
    for kind in _kinds(pairs):
        clips = len(np.unique(pairs.group[kind]))
        rates.append(proportion(float((predicted[kind] >= value).mean()) * clips, clips))
    recall, slip = rates
    return Threshold(
        value,
        precision,
        mismatched_share,
        precision=Interval(
            float(_precision(recall.value, slip.value, mismatched_share)),
            float(_precision(recall.low, slip.high, mismatched_share)),
            float(_precision(recall.high, slip.low, mismatched_share)),
        ),
        recall=recall,
    )


def _kinds(pairs: Pairs) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    return pairs.matched, ~pairs.matched


def _at_least(values: Floats, levels: Floats) -> NDArray[np.int64]:
    return np.asarray(len(values) - np.searchsorted(np.sort(values), levels), dtype=np.int64)


def _precision(recall: Floats | float, slip: Floats | float, mismatched_share: float) -> Floats:
    right = np.asarray(recall) * (1 - mismatched_share)
    return np.asarray(right / np.maximum(right + np.asarray(slip) * mismatched_share, 1e-12))


def _between(levels: Floats, at: int) -> float:
    """A short number in the middle between a level and the one below it."""
    low, high = (levels[at - 1] if at else 0.0), levels[at]
    for digits in range(2, 17):
        value = float(np.round((low + high) / 2, digits))
        if low < value <= high:
            return value
    return float(high)
