"""Fit a map to raw scores of matched and mismatched pairs, both kinds weighted alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from acav1m.calibration.map import Calibration, Map, Steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

FOLDS = 5
MIN_PAIRS = 50
"""Pairs of either kind, and clips they come from, below which nothing is fitted."""

MIN_PAIRS_ISOTONIC = 1000
"""Pairs of both kinds together below which isotonic regression fits noise (Niculescu-Mizil and
Caruana 2005), so that only a line is tried."""

DIGITS = 12
"""Digits that a map keeps: the last bits of a fit differ between machines."""


class Pairs(NamedTuple):
    """Scored pairs: `raw`, whether `matched`, and the number of the clip (`group`) each shows."""

    raw: Floats
    matched: NDArray[np.bool_]
    group: NDArray[np.int64]

    def at(self, chosen: NDArray[np.bool_]) -> Pairs:
        """Those of the pairs."""
        return Pairs(self.raw[chosen], self.matched[chosen], self.group[chosen])

    def weights(self) -> Floats:
        """Weights that give either kind a half."""
        n, m = self.matched.sum(), (~self.matched).sum()
        return np.asarray(np.where(self.matched, 0.5 / max(n, 1), 0.5 / max(m, 1)))


class Fitted(NamedTuple):
    """A map, and what maps of its kind say of pairs that they were not fitted on."""

    map: Map
    held_out: Floats
    """Probability of each pair by the fold that did not see its clip."""

    log_loss: float


def choose(pairs: Pairs) -> Fitted:
    """Fit the kind of map whose held-out log loss is least; a line where they are level.

    Folds are made of whole clips. Pairs must come in a fixed order: sums depend on it.
    """
    makers: list[Callable[[Pairs], Map]] = (
        [line] if len(pairs.raw) < MIN_PAIRS_ISOTONIC else [line, steps]
    )
    return min((_crossed(pairs, make) for make in makers), key=lambda found: found.log_loss)


def fit(matched: ArrayLike, mismatched: ArrayLike) -> Calibration:
    """Fit Platt's sigmoid (1999) to two lists of raw scores; it never falls."""
    kinds = [np.asarray(one, dtype=np.float64).ravel() for one in (matched, mismatched)]
    which = np.repeat([True, False], [len(one) for one in kinds])
    return line(Pairs(np.concatenate(kinds), which, np.zeros(len(which), dtype=np.int64)))


def line(pairs: Pairs) -> Calibration:
    """Fit Platt's sigmoid.

    His softened targets keep the slope finite where the two kinds do not overlap. A score that
    runs the wrong way gets a slope of 0: it says nothing, and nothing is read into it.
    """
    from scipy.optimize import minimize

    weight, target = pairs.weights(), _softened(pairs.matched)
    middle, spread = pairs.raw.mean(), pairs.raw.std() + 1e-9
    scaled = (pairs.raw - middle) / spread

    def loss(found: Floats) -> tuple[float, Floats]:
        logit = found[0] * scaled + found[1]
        excess = weight * (1 / (1 + np.exp(-logit)) - target)
        value = float(weight @ (np.logaddexp(0, logit) - target * logit))
        return value, np.array([excess @ scaled, excess.sum()])

    bounds = [(0.0, 50.0), (-50.0, 50.0)]
    options = {"ftol": 1e-14, "gtol": 1e-10}
    slope, offset = minimize(
        loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=bounds, options=options
    ).x
    return Calibration(_short(slope / spread), _short(offset - slope * middle / spread))


def steps(pairs: Pairs) -> Steps:
    """Fit isotonic regression; its ends stay off 0 and 1 by what so many pairs can tell."""
    from scipy.optimize import isotonic_regression

    order = np.argsort(pairs.raw, kind="stable")
    raw, weight = pairs.raw[order], pairs.weights()[order]
    values, which = np.unique(raw, return_inverse=True)
    mass = np.bincount(which, weight)
    share = np.bincount(which, weight * pairs.matched[order]) / mass
    rising = isotonic_regression(share, weights=mass).x
    margin = 1 / (len(raw) + 2)
    corners = np.flatnonzero(_is_corner(rising))
    return Steps(
        tuple(_short(x) for x in values[corners]),
        tuple(_short(x) for x in np.clip(rising[corners], margin, 1 - margin)),
    )


def _crossed(pairs: Pairs, make: Callable[[Pairs], Map]) -> Fitted:
    groups, place = np.unique(pairs.group, return_inverse=True)
    fold = place % min(FOLDS, len(groups))
    held_out = np.full(len(pairs.raw), 0.5)
    for one in range(int(fold.max()) + 1):
        rest = pairs.at(fold != one)
        if rest.matched.any() and not rest.matched.all():
            held_out[fold == one] = make(rest).probabilities(pairs.raw[fold == one])
    found = np.where(pairs.matched, held_out, 1 - held_out)
    loss = -float(pairs.weights() @ np.log(np.maximum(found, 1e-12)))
    return Fitted(make(pairs), held_out, loss)


def _softened(matched: NDArray[np.bool_]) -> Floats:
    n, m = int(matched.sum()), int((~matched).sum())
    return np.asarray(np.where(matched, (n + 1) / (n + 2), 1 / (m + 2)))


def _is_corner(rising: Floats) -> NDArray[np.bool_]:
    """First and last place of each level stretch; what lies between is on the line."""
    level = np.diff(rising) == 0
    inside: NDArray[np.bool_] = np.append(False, level) & np.append(level, False)
    return ~inside


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
