"""Whether two clips look or sound so alike that one may be a copy of the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import gaussian_filter1d

from acav1m.clip import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from acav1m.clip import Clip

VIEW = View()
SIDE = 16
MOMENTS = 8
"""Pictures that are compared, spread evenly over the clip."""

SAME_PICTURE = 4.0
"""Copies in another coding or size differ by less, of 255 levels on average."""

LOUDNESS_HZ = 25
SAME_SOUND = 0.96
"""Copies of a sound in another coding go up and down together by more."""

REACH_S = 2.0
LEAST_S = 2.0
"""What overlaps at least: short sentences go up and down together by chance."""

LONGEST = 20 * LOUDNESS_HZ
"""Values that are compared at most: 20 s tell a copy."""

MOVES_DB = 1.0
"""A level that moves by less is too steady to tell a copy by."""


@dataclass(frozen=True)
class Likeness:
    """Coarse pictures (moments, side, side, 3) and level in dB, `LOUDNESS_HZ` values a second."""

    pictures: NDArray[np.float32]
    level_db: NDArray[np.float32]


def likeness(clip: Clip) -> Likeness:
    """Look and listen, without any model."""
    images = clip.frames(VIEW).images
    moments = np.linspace(0, len(images) - 1, MOMENTS).round().astype(int)
    cell = VIEW.height // SIDE
    tiles = images[moments].reshape(MOMENTS, SIDE, cell, SIDE, cell, 3)
    return Likeness(tiles.mean(axis=(2, 4), dtype=np.float32), _level_db(clip.audio()))


def alike(one: Likeness, other: Likeness) -> bool:
    """Whether one may be a copy of the other, by pictures or by sound, up to 2 s apart."""
    return _same_pictures(one, other) or _same_sound(one.level_db, other.level_db)


def firsts(looks: Sequence[Likeness]) -> list[bool]:
    """Say of each clip whether none before it that is kept is like it."""
    kept: list[Likeness] = []
    found = []
    for look in looks:
        found.append(not any(alike(look, other) for other in kept))
        if found[-1]:
            kept.append(look)
    return found


def _same_pictures(one: Likeness, other: Likeness) -> bool:
    return float(np.abs(one.pictures - other.pictures).mean()) < SAME_PICTURE


def _same_sound(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    """Whether they go up and down together where they overlap, at some lag; all at once."""
    x, y = (level[:LONGEST].astype(np.float64) for level in (one, other))
    if not len(x) or not len(y):
        return False
    x, y = x - x.mean(), y - y.mean()
    reach = round(REACH_S * LOUDNESS_HZ)
    lags = np.arange(-min(reach, len(y) - 1), min(reach, len(x) - 1) + 1)
    begin_x, begin_y = np.maximum(lags, 0), np.maximum(-lags, 0)
    n = np.minimum(len(x) - begin_x, len(y) - begin_y)
    mean_x, mean_xx = (_means(values, begin_x, n) for values in (x, x**2))
    mean_y, mean_yy = (_means(values, begin_y, n) for values in (y, y**2))
    together = _products(x, y, lags) / n - mean_x * mean_y
    spread_x, spread_y = mean_xx - mean_x**2, mean_yy - mean_y**2
    moves = (np.minimum(spread_x, spread_y) > MOVES_DB**2) & (n >= LEAST_S * LOUDNESS_HZ)
    alike = together > SAME_SOUND * np.sqrt(np.maximum(spread_x * spread_y, 0))
    return bool((moves & alike).any())


def _products(
    x: NDArray[np.float64], y: NDArray[np.float64], lags: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Sums of x times y where they overlap, x being so many values behind."""
    before, after = max(0, -int(lags[0])), max(0, int(lags[-1]) + len(y) - len(x))
    wide = np.pad(x, (before, after))
    windows = np.lib.stride_tricks.sliding_window_view(wide, len(y))
    return np.asarray(windows[lags + before] @ y)


def _means(
    values: NDArray[np.float64], begin: NDArray[np.int64], n: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Means of `n` values from each beginning."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray((sums[begin + n] - sums[begin]) / n)


def _level_db(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    hop = 16_000 // LOUDNESS_HZ
    pieces = audio[: len(audio) // hop * hop].reshape(-1, hop)
    power = np.square(pieces, dtype=np.float64).mean(axis=1)
    # smooth, so that copies which begin half a value apart still go up and down together
    level_db = gaussian_filter1d(10 * np.log10(np.maximum(power, 1e-8)), 2, mode="nearest")
    return np.asarray(level_db, np.float32)
