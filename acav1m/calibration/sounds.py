"""The sounds that a clip is scored with beside its own: another's, moved, noisy, none, music."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from acav1m.clip import Clip
from acav1m.media.decode import RELEASE_RATE_HZ
from acav1m.synth import level
from acav1m.synth.music import tune
from acav1m.synth.noise import coloured

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

Sound = Mapping[str, Any]
"""`is`: `other`, `shift`, `noise`, `muted` or `dubbed`, and what that takes; JSON can hold it."""


def other(stem: str) -> Sound:
    """Another clip's sound, from its beginning, round and round."""
    return {"is": "other", "stem": stem}


def shift(late_s: float, neighbour: str | None) -> Sound:
    """The clip's own sound, late by so much; early if that is negative.

    What comes in at the end is the `neighbour`'s sound, the clip of the same video that goes on
    there. Without one the sound goes round.
    """
    return {"is": "shift", "late_s": late_s, "stem": neighbour}


def noise(snr_db: float) -> Sound:
    """The clip's own sound under pink noise."""
    return {"is": "noise", "snr_db": snr_db}


MUTED: Sound = {"is": "muted"}
DUBBED: Sound = {"is": "dubbed"}


def make(clip: Clip, sound: Sound) -> Samples:
    """Samples at 16 kHz, as many as the clip has; the same ones each time."""
    own = clip.audio()
    match sound["is"]:
        case "other":
            return np.resize(_of(sound["stem"]), own.shape)
        case "shift":
            return _moved(own, round(sound["late_s"] * RELEASE_RATE_HZ), sound["stem"])
        case "noise":
            added = coloured(_rng(clip), len(own), RELEASE_RATE_HZ, "pink")
            return level.over(own, added, sound["snr_db"])
        case "muted":
            return np.zeros_like(own)
        case "dubbed":
            music = tune(_rng(clip), len(own), RELEASE_RATE_HZ)
            louder = level.rms(own) / max(level.rms(music), 1e-9)
            return np.clip(music * louder, -1, 1).astype(np.float32)
    raise ValueError(f"no sound is called {sound['is']!r}")


def _of(stem: str) -> Samples:
    return Clip(Path(stem)).audio()


def _moved(own: Samples, late: int, neighbour: str | None) -> Samples:
    if neighbour is None:
        return np.roll(own, late)
    if late > 0:
        return np.concatenate([_of(neighbour)[-late:], own])[: len(own)]
    return np.concatenate([own, _of(neighbour)[:-late]])[-late:][: len(own)]


def _rng(clip: Clip) -> np.random.Generator:
    return np.random.default_rng(crc32(clip.clip_id.encode()))
