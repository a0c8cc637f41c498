"""Make a raw score a probability: 0.5 means as likely matched as not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class Calibration(NamedTuple):
    """A line in front of a sigmoid.

    >>> Calibration(slope=2.0, offset=-1.0).probability(0.5)
    0.5
    """

    slope: float
    offset: float

    def probability(self, raw: float) -> float:
        """Return the probability that a pair with this raw score is matched."""
        return float(1 / (1 + np.exp(-(self.slope * raw + self.offset))))


def fit(matched: ArrayLike, mismatched: ArrayLike) -> Calibration:
    """Fit Platt's sigmoid (1999), both kinds weighted alike however many there are.

    His softened targets keep the slope finite where the two kinds do not overlap.
    """
    from scipy.optimize import minimize

    pairs = [np.asarray(one, dtype=np.float64) for one in (matched, mismatched)]
    raw = np.concatenate(pairs)
    n, m = (len(one) for one in pairs)
    target = np.repeat([(n + 1) / (n + 2), 1 / (m + 2)], [n, m])
    weight = np.repeat([0.5 / n, 0.5 / m], [n, m])
    middle, spread = raw.mean(), raw.std() + 1e-9

    def loss(line: NDArray[np.float64]) -> float:
        logit = line[0] * (raw - middle) / spread + line[1]
        return float(weight @ (np.logaddexp(0, logit) - target * logit))

    slope, offset = minimize(loss, np.array([1.0, 0.0]), method="BFGS").x
    return Calibration(float(slope / spread), float(offset - slope * middle / spread))


def auc(matched: ArrayLike, mismatched: ArrayLike) -> float:
    """Chance that a matched pair outscores a mismatched one, ties counting half.

    >>> auc([2, 3], [1, 2])
    0.875
    """
    from scipy.stats import rankdata

    n, m = len(np.asarray(matched)), len(np.asarray(mismatched))
    ranks = rankdata(np.concatenate([np.asarray(matched), np.asarray(mismatched)]))
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def calibration_error(probabilities: ArrayLike, matched: ArrayLike, bins: int = 10) -> float:
    """Mean gap between predicted and observed share over equal-width bins (ECE, 0 to 1).

    >>> calibration_error([0.25, 0.25, 0.25, 0.25], [1, 0, 0, 0])
    0.0
    """
    predicted = np.asarray(probabilities, dtype=np.float64)
    observed = np.asarray(matched, dtype=np.float64)
    which = np.minimum((predicted * bins).astype(int), bins - 1)
    gap = np.bincount(which, weights=predicted - observed, minlength=bins)
    return float(np.abs(gap).sum() / len(predicted))
