"""Compare sound and picture at every lag within three seconds.

A backend gives one vector per 25 Hz frame of the sound, and one per frame and place of the
picture. Their product, summed over time at some lag, is the evidence that the sound comes from
that place, so much later. What makes the sound is in one place, so places compete as lags do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logsumexp, softmax

from acav1m.signals import RATE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Doubles = NDArray[np.float64]

REACH = 3 * RATE_HZ
TRAINED_S = 5.0
"""Length of the excerpts that the scale of evidence was learned on."""

LAGS_S = np.arange(-REACH, REACH + 1) / RATE_HZ
"""Lags compared, seconds; positive where the sound comes late."""


@dataclass(frozen=True)
class Evidence:
    """Log evidence of one clip, up to a constant, that the sound lies at each lag."""

    clip: Doubles
    """(lags,), of the whole clip."""

    seconds: Doubles
    """(seconds, lags), each second's own, as the likeliest places have it."""

    nothing: float
    """On the same scale: that what is heard is not seen at any of these lags."""

    def posterior(self) -> Doubles:
        """Probability of each lag, shape (lags,); with that of nothing they add up to 1."""
        every: Doubles = softmax(np.append(self.clip, self.nothing))
        return every[:-1]


def compare(sound: Floats, picture: Floats, seconds: int, nothing: float) -> Evidence:
    """Evidence from vectors of the sound (n, width) and of the picture (n, places, width)."""
    pieces = _pieces(sound, picture)
    places = pieces.sum(axis=0) * weight(len(picture) / RATE_HZ)
    share = softmax(places, axis=0)
    return Evidence(
        clip=logsumexp(places, axis=0) - np.log(len(places)),
        seconds=(pieces[:seconds] * share).sum(axis=1),
        nothing=nothing + float(np.log(len(LAGS_S))),
    )


def weight(length_s: float) -> float:
    """What evidence of a clip of this length counts for.

    Sums of unrelated curves grow with the root of the length, so long clips would be sure by
    chance; with this weight they stay as unsure as short ones, and related ones get surer still.

    >>> weight(3.0), weight(20.0)
    (1.0, 0.5)
    """
    return min(1.0, (TRAINED_S / length_s) ** 0.5) if length_s else 1.0


def _pieces(sound: Floats, picture: Floats) -> Doubles:
    """Products of each second of picture with the sound around it, (seconds, places, lags)."""
    count = -(-len(picture) // RATE_HZ)
    whole = np.zeros((count * RATE_HZ, *picture.shape[1:]), np.float32)
    whole[: len(picture)] = picture
    around = np.zeros((count * RATE_HZ + 2 * REACH, sound.shape[1]), np.float32)
    heard = sound[: len(around) - REACH]
    around[REACH : REACH + len(heard)] = heard
    found: list[Floats] = []
    for second in whole.reshape(count, RATE_HZ, *picture.shape[1:]):
        begin = len(found) * RATE_HZ
        windows = np.lib.stride_tricks.sliding_window_view(
            around[begin : begin + RATE_HZ + 2 * REACH], RATE_HZ, axis=0
        )  # (lags, width, time)
        flat = windows.transpose(0, 2, 1).reshape(len(LAGS_S), -1)
        found.append(second.transpose(1, 0, 2).reshape(picture.shape[1], -1) @ flat.T)
    return np.stack(found).astype(np.float64)
