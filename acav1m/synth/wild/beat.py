"""Where many instants lie between hits, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from acav1m.synth.rhythm import Rhythm

Floats = NDArray[np.float64]


class Beats(NamedTuple):
    """What `rhythm.Beat` is to one instant, for an array of them."""

    number: NDArray[np.int64]
    age_s: Floats
    """Time since the last hit."""

    until_s: Floats
    """Time to the next hit."""

    strength: Floats
    """How hard the last hit was, 0 to 1."""

    coming: Floats
    """How hard the next one will be."""


def beats(rhythm: Rhythm, times_s: Floats) -> Beats:
    """Say where instants lie; those outside the rhythm count to its nearest span.

    >>> from acav1m.synth.rhythm import Rhythm
    >>> beats(Rhythm((0.0, 1.0), (0.5, 0.9)), np.array([0.25, 0.75])).until_s.tolist()
    [0.75, 0.25]
    """
    hits, strengths = np.asarray(rhythm.times_s), np.asarray(rhythm.strengths)
    number = np.clip(np.searchsorted(hits, times_s, side="right") - 1, 0, len(hits) - 2)
    return Beats(
        number,
        times_s - hits[number],
        hits[number + 1] - times_s,
        strengths[number],
        strengths[number + 1],
    )
