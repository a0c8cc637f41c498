"""Find clips that may be copies of one another: as mismatched pairs they would be none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from acav1m.synth.likeness import LEAST_S, LOUDNESS_HZ, REACH_S, SAME_PICTURE, SAME_SOUND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LONGEST = 20 * LOUDNESS_HZ
"""Loudness values that are compared at most: 20 s tell a copy."""

SIZE = 1024
"""Length of the transforms, enough for what is compared twice over."""

MOVES_DB = 1.0
"""A level that moves by less is too steady to tell a copy by."""


class Look(NamedTuple):
    """What is compared of a clip: coarse pictures, and its level in dB over time."""

    pictures: Floats
    level_db: Floats


def firsts(looks: Sequence[Look]) -> list[bool]:
    """Say of each clip whether none before it that is kept looks or sounds like it."""
    spectra = np.array([_spectra(look.level_db) for look in looks], np.complex128)
    kept: list[int] = []
    for at, look in enumerate(looks):
        if not kept or not (
            _same_pictures(look, [looks[k] for k in kept])
            or _same_sound(spectra[at], spectra[kept])
        ):
            kept.append(at)
    chosen = set(kept)
    return [at in chosen for at in range(len(looks))]


def _same_pictures(look: Look, others: Sequence[Look]) -> bool:
    gaps = np.abs(np.stack([other.pictures for other in others]) - look.pictures)
    return bool((gaps.mean(axis=1) < SAME_PICTURE).any())


def _spectra(level_db: Floats) -> NDArray[np.complex128]:
    """Transforms of what is there, of the level, and of its square."""
    level = level_db[:LONGEST] - level_db[:LONGEST].mean()
    return np.asarray(np.fft.rfft(np.stack([np.ones_like(level), level, level**2]), SIZE))


def _same_sound(one: NDArray[np.complex128], others: NDArray[np.complex128]) -> bool:
    """Whether a sound goes up and down with another one, up to `REACH_S` apart.

    All lags at once: sums over what overlaps are correlations with what is there.
    """
    there, level, square = (one[k].conj() for k in range(3))
    products = np.stack(
        [
            others[:, 0] * there,
            others[:, 1] * there,
            others[:, 0] * level,
            others[:, 2] * there,
            others[:, 0] * square,
            others[:, 1] * level,
        ]
    )
    reach = round(REACH_S * LOUDNESS_HZ)
    lags = np.r_[0 : reach + 1, -reach:0]
    n, x, y, xx, yy, xy = np.fft.irfft(products, SIZE)[..., lags]
    n = np.maximum(np.round(n), 1)
    spread_x, spread_y = xx / n - (x / n) ** 2, yy / n - (y / n) ** 2
    together = xy / n - x * y / n**2
    moves = (spread_x > MOVES_DB**2) & (spread_y > MOVES_DB**2) & (n >= LEAST_S * LOUDNESS_HZ)
    alike = together > SAME_SOUND * np.sqrt(np.maximum(spread_x * spread_y, 0))
    return bool((moves & alike).any())
