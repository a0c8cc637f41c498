"""Which seconds hold anything to judge: sound above the floor, and a picture that moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.models import features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from acav1m.clip import Clip

SILENCE_DBFS = -60.0
STILL = 6.0
"""Coding alone moves the most moving hundredth of a still picture by less, of 255 levels."""


def heard(clip: Clip) -> NDArray[np.bool_]:
    """Say for each second whether its RMS level is above -60 dBFS."""
    count = features.seconds(clip) * features.RATE_HZ
    samples = clip.audio(features.RATE_HZ)[:count]
    padded = np.pad(samples, (0, count - len(samples))).reshape(-1, features.RATE_HZ)
    audible: NDArray[np.bool_] = (padded**2).mean(axis=1) > 10 ** (SILENCE_DBFS / 10)
    return audible


def moved(clip: Clip) -> NDArray[np.bool_]:
    """Say for each second whether something in the picture moves."""
    found: NDArray[np.bool_] = clip.memo(
        ("moved", features.seconds(clip)), lambda: _moved(clip), of_pictures=True
    )
    return found


def _moved(clip: Clip) -> NDArray[np.bool_]:
    motion = features.motion(features.clip_pictures(clip))
    begins = features.starts(features.seconds(clip)) + features.CONTEXT
    moving: NDArray[np.bool_] = (
        motion[begins[:, None] + np.arange(features.SECOND)].max(axis=1) > STILL
    )
    return moving


def timed(clip: Clip) -> NDArray[np.bool_]:
    """Say for each second whether its timing can be judged: it is heard and it moves.

    A second that lacks one of the two still counts when a neighbour has it: sound that comes
    late leaves its own second and is just what is looked for.
    """
    sound, motion = heard(clip), moved(clip)
    return (sound | motion) & _near(sound) & _near(motion)


def _near(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    wide = np.pad(flags, 1)
    near: NDArray[np.bool_] = wide[:-2] | flags | wide[2:]
    return near
