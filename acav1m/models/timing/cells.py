"""What moves where: changes of the picture in cells of several sizes, 25 times a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m import signals
from acav1m.signals import CELLS, VIEW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from acav1m.clip import Clip

    Floats = NDArray[np.float32]

KINDS = 3
"""Kinds of change kept per cell: mean absolute, mean signed, largest of any pixel."""

CHANNELS = 6
PLACES = CELLS**2 + (CELLS // 2) ** 2 + (CELLS // 4) ** 2 + 1
"""Cells of all sizes: 8 x 8, 4 x 4, 2 x 2, and the whole picture."""

FAINT = 0.01
"""Cells that never change by more than about this are not blown up to full size."""

STRETCH = 64
"""Pictures compared at once, so that a long clip needs little more memory than its pictures."""


def changes(clip: Clip) -> Floats:
    """Kinds of change of every cell at 25 Hz, shape (n, 64, 3); value k stands at k / 25 s."""
    return clip.memo("changes of cells", lambda: _on_grid(clip), of_pictures=True)


def channels(changes: Floats) -> Floats:
    """What the network sees, shape (..., n, 85, 6), of changes (..., n, 64, 3).

    Per cell: change relative to the cell's largest; what exceeds the picture's median, likewise;
    level on a log scale; signed change; largest pixel; log level of the median: a camera's motion
    is in all cells, a performer's in few.
    """
    every = _all_sizes(changes)
    change, signed, largest = every[..., 0], every[..., 1], every[..., 2]
    usual = np.median(change, axis=-1, keepdims=True)
    own = change.max(axis=-2, keepdims=True) + FAINT
    lifted = np.maximum(change - usual, 0)
    return np.stack(
        [
            change / own,
            lifted / (lifted.max(axis=-2, keepdims=True) + FAINT),
            _level(change),
            signed / own,
            np.sqrt(largest),
            np.broadcast_to(_level(usual), change.shape),
        ],
        axis=-1,
    ).astype(np.float32)


def _on_grid(clip: Clip) -> Floats:
    frames = clip.frames(VIEW)
    found = np.zeros((len(frames.images), CELLS**2, KINDS), np.float32)
    for begin in range(1, len(found), STRETCH):
        piece = frames.images[begin - 1 : begin + STRETCH]
        found[begin : begin + STRETCH] = _changes(piece)
    return signals.on_grid(frames.times_s, found)


def _changes(images: NDArray[np.uint8]) -> Floats:
    """Of each picture to the one before, as shares of full scale; one fewer than pictures."""
    difference = np.diff(images.astype(np.int16), axis=0)
    side = VIEW.width // CELLS
    cells = difference.reshape(len(difference), CELLS, side, CELLS, side, 3)
    kinds = (
        np.abs(cells).mean((2, 4, 5)),
        cells.mean((2, 4, 5)),
        np.abs(cells).max((2, 4, 5)),
    )
    stacked: Floats = np.stack(kinds, axis=-1).reshape(len(difference), CELLS**2, KINDS)
    return stacked.astype(np.float32) / np.float32(255)


def _all_sizes(changes: Floats) -> Floats:
    before, n = changes.shape[:-3], changes.shape[-3]
    sizes = []
    for side in (1, 2, 4, 8):
        across = CELLS // side
        cells = changes.reshape(*before, n, across, side, across, side, KINDS)
        sizes.append(cells.mean((-4, -2)).reshape(*before, n, across**2, KINDS))
    return np.concatenate(sizes, axis=-2)


def _level(change: Floats) -> Floats:
    level: Floats = np.log10(change + np.float32(1e-3)) + 2
    return level
