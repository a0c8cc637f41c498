"""Constants and maps that ship: fitted on rendered clips kept out of training."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from acav1m.calibration.fit import fit
from acav1m.models.timing import lags, onset_motion
from acav1m.models.train import evaluate
from acav1m.signals import RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from acav1m.calibration.map import Calibration
    from acav1m.clip import Clip
    from acav1m.models.train.evaluate import Trial
    from acav1m.steps import Aligner

    Curves = tuple[NDArray[np.float32], NDArray[np.float32]]

WEIGHTS = np.geomspace(0.05, 2, 16)
NOTHING = np.linspace(-4, 12, 33)
RIGHT = 2
"""Lags of 40 ms that a found one may be off."""


def maps(aligners: Iterable[Aligner], trial: Trial) -> dict[str, Calibration]:
    """Fit the map of every calibrated column: own sound against the wrong one that it is for."""
    wrong = {"other": trial.swapped, "shift": trial.shifted}
    found = {}
    for aligner in aligners:
        for column, raw in aligner.calibrated.items():
            mismatched = evaluate.known(wrong[aligner.mismatch[column]], raw)
            found[column] = fit(evaluate.known(trial.true, raw), mismatched)
    return found


def onset_motion_constants(clips: Sequence[Clip]) -> dict[str, float]:
    """Fit the two constants of onset-motion to clips in step.

    The likeliest are taken: of the true lag with a clip's own sound, of none with that of the
    clip before.
    """
    curves = [onset_motion.curves(clip) for clip in clips]
    foreign = [(heard, seen) for (heard, _), (_, seen) in pairwise(curves)]
    found = []
    for weight in WEIGHTS:
        own, other = (np.array([_evidence(c, weight) for c in kind]) for kind in (curves, foreign))
        found += [(_likelihood(own, other, nothing), weight, nothing) for nothing in NOTHING]
    _, weight, nothing = max(found)
    return {"weight": round(float(weight), 6), "nothing_seen": float(nothing)}


def _evidence(curves: Curves, weight: float) -> NDArray[np.float64]:
    """Evidence at each lag, shape (lags,)."""
    heard, seen = curves
    return lags.compare(heard * np.float32(weight), seen, len(seen) // RATE_HZ, 0.0).clip


def _likelihood(own: NDArray[np.float64], foreign: NDArray[np.float64], nothing: float) -> float:
    """Mean log probability of what is true of both kinds."""
    none = nothing + np.log(own.shape[1])
    right = slice(lags.REACH - RIGHT, lags.REACH + RIGHT + 1)
    total = np.logaddexp(np.logaddexp.reduce(own, axis=1), none)
    said = np.logaddexp.reduce(own[:, right], axis=1) - total
    unseen = none - np.logaddexp(np.logaddexp.reduce(foreign, axis=1), none)
    return float(said.mean() + unseen.mean())
