"""How well scores tell matched pairs from mismatched ones, and how far probabilities hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from acav1m.calibration.fit import Pairs

    Floats = NDArray[np.float64]

BINS = 10
Z_95 = 1.959963984540054


class Interval(NamedTuple):
    """A figure with its 95 % confidence interval."""

    value: float
    low: float
    high: float


class Bin(NamedTuple):
    """Pairs whose probability lies in one tenth: how many, what was said, what was true."""

    pairs: int
    predicted: float
    observed: float


class Evidence(NamedTuple):
    """What held-out pairs say of a calibrated score."""

    auc: Interval
    calibration_error: float
    """Mean gap between predicted and observed share over ten bins (ECE), both kinds alike."""

    brier: float
    log_loss: float
    bins: tuple[Bin | None, ...]

    @property
    def separates(self) -> bool:
        """Whether the score tells the kinds apart at all, as far as these pairs can say."""
        return self.auc.low > 0.5


def separates(pairs: Pairs) -> bool:
    """Whether raw scores tell the kinds apart at all, as far as these pairs can say."""
    return auc_interval(pairs.raw, pairs.matched, pairs.group).low > 0.5


def weigh(pairs: Pairs, predicted: Floats) -> Evidence:
    """Judge probabilities of pairs that they were not fitted on; both kinds weigh alike."""
    weight, truth = pairs.weights(), pairs.matched.astype(np.float64)
    right = np.where(pairs.matched, predicted, 1 - predicted)
    return Evidence(
        auc=auc_interval(pairs.raw, pairs.matched, pairs.group),
        calibration_error=_error(predicted, truth, weight, BINS),
        brier=float(weight @ (predicted - truth) ** 2),
        log_loss=-float(weight @ np.log(np.maximum(right, 1e-12))),
        bins=_bins(predicted, truth, weight),
    )


def auc(matched: ArrayLike, mismatched: ArrayLike) -> float:
    """Chance that a matched pair outscores a mismatched one, ties counting half.

    >>> auc([2, 3], [1, 2])
    0.875
    """
    from scipy.stats import rankdata

    n, m = len(np.asarray(matched)), len(np.asarray(mismatched))
    ranks = rankdata(np.concatenate([np.asarray(matched), np.asarray(mismatched)]))
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def auc_interval(raw: Floats, matched: NDArray[np.bool_], group: NDArray[np.int64]) -> Interval:
    """AUC by DeLong (1988), in Obuchowski's form (1997) for several pairs of one clip.

    The interval is symmetric in the logit. Where no pair is out of order the variance is nought
    and tells nothing; then Newcombe's method 5 (2006) says what so many clips can prove.
    """
    value = auc(raw[matched], raw[~matched])
    variance = _variance(raw, matched, group, value)
    clips = [len(np.unique(group[kind])) for kind in (matched, ~matched)]
    if not 0 < value < 1 or variance <= 0:
        return Interval(value, *_newcombe(value, *clips))
    reach = Z_95 * np.sqrt(variance) / (value * (1 - value))
    logit = np.log(value / (1 - value))
    return Interval(value, *(float(1 / (1 + np.exp(-x))) for x in (logit - reach, logit + reach)))


def calibration_error(probabilities: ArrayLike, matched: ArrayLike, bins: int = BINS) -> float:
    """Mean gap between predicted and observed share over equal-width bins (ECE, 0 to 1).

    >>> calibration_error([0.25, 0.25, 0.25, 0.25], [1, 0, 0, 0])
    0.0
    """
    predicted = np.asarray(probabilities, dtype=np.float64)
    observed = np.asarray(matched, dtype=np.float64)
    return _error(predicted, observed, np.full(len(predicted), 1 / len(predicted)), bins)


def proportion(count: float, of: int) -> Interval:
    """A share with Wilson's interval (1927).

    >>> [round(x, 3) for x in proportion(8, 10)]
    [0.8, 0.49, 0.943]
    """
    share, square = count / of, Z_95**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    reach = Z_95 / (1 + square / of) * np.sqrt(share * (1 - share) / of + square / (4 * of**2))
    return Interval(share, max(float(middle - reach), 0.0), min(float(middle + reach), 1.0))


def _error(predicted: Floats, observed: Floats, weight: Floats, bins: int) -> float:
    gap = np.bincount(_which(predicted, bins), weight * (predicted - observed), minlength=bins)
    return float(np.abs(gap).sum())


def _which(predicted: Floats, bins: int) -> NDArray[np.int64]:
    return np.minimum((predicted * bins).astype(np.int64), bins - 1)


def _bins(predicted: Floats, observed: Floats, weight: Floats) -> tuple[Bin | None, ...]:
    which = _which(predicted, BINS)
    found: list[Bin | None] = []
    for one in range(BINS):
        mine = which == one
        if not mine.any():
            found.append(None)
            continue
        mean = [float(np.average(x[mine], weights=weight[mine])) for x in (predicted, observed)]
        found.append(Bin(int(mine.sum()), *mean))
    return tuple(found)


def _variance(
    raw: Floats, matched: NDArray[np.bool_], group: NDArray[np.int64], value: float
) -> float:
    """Variance of the AUC when pairs of one clip may go together."""
    from scipy.stats import rankdata

    n, m = int(matched.sum()), int((~matched).sum())
    everywhere = rankdata(raw)
    above = (everywhere[matched] - rankdata(raw[matched])) / m - value
    below = 1 - (everywhere[~matched] - rankdata(raw[~matched])) / n - value
    _, place = np.unique(group, return_inverse=True)
    size = int(place.max()) + 1
    up = np.bincount(place[matched], above, minlength=size)
    down = np.bincount(place[~matched], below, minlength=size)
    ups, downs = (len(np.unique(place[kind])) for kind in (matched, ~matched))
    if min(ups, downs) < 2:
        return 0.0
    return float(
        ups / (ups - 1) * (up @ up) / n**2
        + downs / (downs - 1) * (down @ down) / m**2
        + 2 * size / (size - 1) * (up @ down) / (n * m)
    )


def _newcombe(value: float, n: int, m: int) -> tuple[float, float]:
    """Where the AUC could truly lie so that `value` is just within its own 95 % reach."""
    from scipy.optimize import brentq

    extra = (n + m) / 2 - 1

    def beyond(true: float) -> float:
        spread = 1 + extra * ((1 - true) / (2 - true) + true / (1 + true))
        return float(abs(value - true) - Z_95 * np.sqrt(true * (1 - true) * spread / (n * m)))

    tiny = 1e-9
    low = brentq(beyond, tiny, value - tiny) if value > 2 * tiny else 0.0
    high = brentq(beyond, value + tiny, 1 - tiny) if value < 1 - 2 * tiny else 1.0
    return float(low), float(high)
