"""Whether two clips look or sound so alike that one may be a copy of the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import gaussian_filter1d

from acav1m.clip import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from acav1m.clip import Clip

VIEW = View()
SIDE = 16
MOMENTS = 8
"""Pictures that are compared, spread evenly over the clip."""

SAME_PICTURE = 4.0
"""Copies in another coding or size differ by less, of 255 levels on average."""

LOUDNESS_HZ = 25
SAME_SOUND = 0.95
"""Copies of a sound in another coding go up and down together by more."""

REACH_S = 2.0
LEAST_S = 1.0


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


def _same_pictures(one: Likeness, other: Likeness) -> bool:
    return float(np.abs(one.pictures - other.pictures).mean()) < SAME_PICTURE


def _same_sound(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    reach = round(REACH_S * LOUDNESS_HZ)
    return any(
        _correlation(one[max(lag, 0) :], other[max(-lag, 0) :]) > SAME_SOUND
        for lag in range(-reach, reach + 1)
    )


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Of what overlaps; 0 where that is too short, or one of them never changes."""
    n = min(len(one), len(other))
    if n < LEAST_S * LOUDNESS_HZ or one[:n].std() < 1 or other[:n].std() < 1:
        return 0.0
    return float(np.corrcoef(one[:n], other[:n])[0, 1])


def _level_db(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    hop = 16_000 // LOUDNESS_HZ
    pieces = audio[: len(audio) // hop * hop].reshape(-1, hop)
    power = np.square(pieces, dtype=np.float64).mean(axis=1)
    # smooth, so that copies which begin half a value apart still go up and down together
    level_db = gaussian_filter1d(10 * np.log10(np.maximum(power, 1e-8)), 2, mode="nearest")
    return np.asarray(level_db, np.float32)
