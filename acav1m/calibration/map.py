"""Maps from a raw score to the probability that a pair is matched; 0.5 is as likely as not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from acav1m.steps import Aligner, Value


class Calibration(NamedTuple):
    """A line in front of a sigmoid (Platt 1999); a slope of 0 is a score that says nothing.

    >>> Calibration(slope=2.0, offset=-1.0).probability(0.5)
    0.5
    """

    slope: float
    offset: float

    def probability(self, raw: float) -> float:
        """Return the probability that a pair with this raw score is matched."""
        return float(self.probabilities([raw])[0])

    def probabilities(self, raw: ArrayLike) -> NDArray[np.float64]:
        """The same for many."""
        from scipy.special import expit

        logits = self.slope * np.asarray(raw, dtype=np.float64) + self.offset
        return np.asarray(expit(logits), dtype=np.float64)


class Steps(NamedTuple):
    """A rising line through corners, level beyond the first and the last: isotonic regression.

    >>> Steps((0.0, 1.0), (0.25, 0.75)).probability(0.5)
    0.5
    """

    raw: tuple[float, ...]
    chance: tuple[float, ...]

    def probability(self, raw: float) -> float:
        """Return the probability that a pair with this raw score is matched."""
        return float(self.probabilities([raw])[0])

    def probabilities(self, raw: ArrayLike) -> NDArray[np.float64]:
        """The same for many."""
        return np.interp(np.asarray(raw, dtype=np.float64), self.raw, self.chance)


Map = Calibration | Steps


def to_json(map: Map) -> dict[str, Any]:
    """As JSON; `from_json` gives the same map back.

    >>> to_json(Calibration(2.0, -1.0))
    {'kind': 'platt', 'slope': 2.0, 'offset': -1.0}
    """
    if isinstance(map, Calibration):
        return {"kind": "platt", **map._asdict()}
    return {"kind": "isotonic", "raw": list(map.raw), "chance": list(map.chance)}


def from_json(found: Mapping[str, Any]) -> Map:
    """Read what `to_json` wrote."""
    if found["kind"] == "platt":
        return Calibration(float(found["slope"]), float(found["offset"]))
    return Steps(tuple(map(float, found["raw"])), tuple(map(float, found["chance"])))


def applied(map: Map | None, raw: Value) -> Value:
    """A raw value as a probability, a list entry by entry; unknown stays unknown.

    >>> applied(Calibration(1.0, 0.0), [0.0, None])
    [0.5, None]
    """
    if map is None or raw is None:
        return None
    if isinstance(raw, list):
        return [None if x is None else map.probability(float(x)) for x in raw]
    return map.probability(float(raw))


def calibrated(
    step: Aligner, found: Mapping[str, Value], maps: Mapping[str, Map] | None = None
) -> dict[str, Value]:
    """The calibrated columns of an aligner's raw ones, by its prior unless `maps` are given."""
    known = step.prior() if maps is None else maps
    return {c: applied(known.get(c), found[raw]) for c, raw in step.calibrated.items()}
