"""How long a clip shows nothing, or nothing new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from acav1m import signals
from acav1m.clip import Clip
from acav1m.steps import Measure, Value

if TYPE_CHECKING:
    from numpy.typing import NDArray

DARK = 26
"""A tenth of 255: what is less passes for black."""

BLACK_VALUES = 0.98


class Still(Measure):
    """Find the shares of time in which the picture is black, and in which it is frozen.

    Black: 98 % of the red, green and blue values are below a tenth of white. Frozen: for
    `hold_s` or longer no part of the picture (of 8 by 8) differs from how it stood by more than
    `noise`, a share of white that lossy coding stays under. Times are those of the pictures, so
    a freeze counts whether coded as repeated pictures or as one shown long; doubled pictures
    do not.

    >>> from acav1m.testing import tone
    >>> Still().measure(tone())
    {'black_share': 0.0, 'frozen_share': 1.0}
    """

    adds = {"black_share": float, "frozen_share": float}
    views = (signals.VIEW,)

    hold_s: float = Field(default=0.5, gt=0)
    noise: float = Field(default=0.01, gt=0, lt=1)

    def measure(self, clip: Clip) -> dict[str, Value]:
        frames = clip.frames(signals.VIEW)
        shown_s = signals.shown_s(frames.times_s)
        changed = np.append(_changed(frames.images, self.noise), True)
        clock_s = np.append(frames.times_s, frames.times_s[-1] + shown_s[-1])
        stood_s = np.diff(clock_s[changed])
        frozen_s = stood_s[stood_s >= self.hold_s - 1e-6].sum()
        return {
            "black_share": float(shown_s[_black(frames.images)].sum() / shown_s.sum()),
            "frozen_share": float(min(1.0, frozen_s / shown_s.sum())),
        }


def _changed(images: NDArray[np.uint8], noise: float) -> NDArray[np.bool_]:
    """Which pictures differ from the last that did; the first does."""
    changed = np.zeros(len(images), bool)
    changed[0], stood = True, images[0]
    for k in range(1, len(images)):
        if signals.change(stood, images[k]).max() > noise:
            changed[k], stood = True, images[k]
    return changed


def _black(images: NDArray[np.uint8]) -> NDArray[np.bool_]:
    dark_values = (images < DARK).reshape(len(images), -1).mean(axis=1)
    black: NDArray[np.bool_] = dark_values >= BLACK_VALUES
    return black
