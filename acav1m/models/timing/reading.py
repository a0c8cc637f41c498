"""What the evidence at all lags says of a clip: in step or not, by how much, drifting, unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import logsumexp

from acav1m.models.timing.lags import LAGS_S, REACH, Evidence, weight
from acav1m.signals import RATE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Doubles = NDArray[np.float64]

IN_STEP = slice(REACH - 4, REACH + 5)
"""Lags up to 160 ms: about what viewers accept (ITU-R BT.1359: -185 to 90 ms)."""

BESIDE_S = 0.1
"""An offset is right when it is off by no more."""

NEIGHBOUR = 0.5
"""How much the seconds before and after count for a second."""

DRIFTS = np.arange(-12, 13) / 100
"""Seconds that the sound may fall behind in every second."""

DRIFT_WEIGHT = 2.0
"""Seconds are read by the places of the whole clip, which blurs what they say of a drift; with
this weight drifts of up to 4 % in rendered clips are about as sure as they are right."""

BESIDE_DRIFT = 2
"""Steps of `DRIFTS` to either side that count as the same drift."""

SURE = 0.8
EPSILON = 1e-9


class Offset(NamedTuple):
    """How late the sound is, and the probability that this is right within 0.1 s."""

    seconds: float
    confidence: float


def in_step(evidence: Evidence) -> float:
    """Log-odds that the whole clip is in step, against any other lag or none."""
    return _log_odds(float(evidence.posterior()[IN_STEP].sum()))


def seconds_in_step(evidence: Evidence) -> Doubles:
    """Log-odds for each second, against other lags alone, shape (seconds,)."""
    beside = np.pad(evidence.seconds, ((1, 1), (0, 0)))
    local = evidence.seconds + NEIGHBOUR * (beside[:-2] + beside[2:])
    others = np.delete(local, IN_STEP, axis=1)
    odds: Doubles = logsumexp(local[:, IN_STEP], axis=1) - logsumexp(others, axis=1)
    return odds


def seen(evidence: Evidence) -> float:
    """Log-odds that what is heard is seen to happen, at whatever lag."""
    return float(logsumexp(evidence.clip) - evidence.nothing)


def offset(evidence: Evidence) -> Offset:
    """The likeliest lag, found between the steps of 40 ms."""
    posterior = evidence.posterior()
    best = int(posterior.argmax())
    around = slice(max(best - 3, 0), best + 4)
    found_s = float(np.average(LAGS_S[around], weights=posterior[around] + EPSILON))
    near = np.abs(LAGS_S - found_s) <= BESIDE_S + 0.5 / RATE_HZ
    return Offset(found_s, float(posterior[near].sum()))


def drift(evidence: Evidence) -> float | None:
    """By how many seconds a second the sound falls behind; None when the clip does not tell."""
    middles_s = np.arange(len(evidence.seconds)) + 0.5
    middles_s -= middles_s.mean()
    steps = np.arange(len(LAGS_S))
    paths = np.array(
        [
            sum(
                np.interp(steps + slope * at_s * RATE_HZ, steps, second, left=0, right=0)
                for second, at_s in zip(evidence.seconds, middles_s, strict=True)
            )
            for slope in DRIFTS
        ]
    )
    found = logsumexp(paths * weight(len(evidence.seconds)), axis=1)
    odds = DRIFT_WEIGHT * found
    chance = np.exp(odds - logsumexp(odds))
    best = int(chance.argmax())
    if best in (0, len(DRIFTS) - 1) or found[best] <= evidence.nothing:
        return None  # beyond what was looked for, or not of this picture at all
    around = slice(max(best - BESIDE_DRIFT, 0), best + BESIDE_DRIFT + 1)
    if len(evidence.seconds) < 3 or chance[around].sum() < SURE:
        return None
    return float(np.average(DRIFTS[around], weights=chance[around]))


def _log_odds(probability: float) -> float:
    kept = min(max(probability, EPSILON), 1 - EPSILON)
    return float(np.log(kept / (1 - kept)))
