"""Timing without learned vectors: onsets of the sound against motion of the picture.

One curve for the sound, one for each of 8 x 8 cells, both standardised: their product summed at a
lag is a correlation. Two constants make log evidence of it, and `onset_motion.json` has them. Hits,
barks and shots work, faces and music seldom do; it explains what can be seen without a network.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.ndimage import gaussian_filter1d

from acav1m import signals
from acav1m.calibration.map import Calibration
from acav1m.models import features, shipped
from acav1m.models.timing import cells, lags, sound
from acav1m.signals import RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from acav1m.clip import Clip

    Floats = NDArray[np.float32]

CONSTANTS = "onset_motion.json"
_in_use = ContextVar("onset-motion constants", default=shipped.WEIGHTS)

ONSET_DB = 1.0
"""Bands rise by this much more than usual, on average over 40 ms: an onset."""

MOVE = 0.01
"""A cell changes by this share more than usual: something moved, not the coding's noise."""


BESIDE_LEARNED = 0.1
"""Weight of these curves beside learned ones: chosen on real clips, where they help."""


def events(clip: Clip) -> int:
    """Count the onsets heard."""
    smooth = gaussian_filter1d(signals.onsets(clip), 1, mode="nearest")
    here, before, after = smooth[1:-1], smooth[:-2], smooth[2:]
    onset = (here > np.median(smooth) + ONSET_DB) & (here > before) & (here >= after)
    return int(onset.sum())


def evidence(clip: Clip) -> lags.Evidence:
    """Say how well onsets and motion go together at every lag within 3 s."""
    weight, nothing = _constants()["weight"], _constants()["nothing_seen"]
    heard, seen = curves(clip)
    return lags.compare(heard * np.float32(weight), seen, features.seconds(clip), nothing)


def curves(clip: Clip) -> tuple[Floats, Floats]:
    """A clip's curves of sound (n, 1) and of the cells (n, 64, 1)."""
    changes = cells.changes(clip)
    mel = sound.mel(clip.audio(features.RATE_HZ), len(changes))
    return onset_curve(mel), motion_curves(changes)


def onset_curve(mel: Floats) -> Floats:
    """Standardised rises of the sound's bands, (n, 1), of a spectrogram (4 n, 64)."""
    level = np.maximum(mel, mel.max() - sound.RANGE)
    rise = np.zeros(len(level), np.float32)
    rise[1:-1] = np.maximum(level[2:] - level[:-2], 0).mean(axis=1)
    heard = gaussian_filter1d(rise.reshape(-1, sound.MELS_PER_FRAME).mean(axis=1), 1)
    return _standard(heard - gaussian_filter1d(heard, RATE_HZ / 2, mode="nearest"))[:, None]


def motion_curves(changes: Floats) -> Floats:
    """Standardised change of each cell, (n, 64, 1), of changes (n, 64, 3); still cells are 0."""
    change = changes[..., 0]
    seen = _standard(np.sqrt(gaussian_filter1d(change, 1, axis=0, mode="nearest")))
    moves = (change - np.median(change, axis=0)).max(axis=0) > MOVE
    curves: Floats = (seen * moves)[:, :, None]
    return curves


def beside(heard: Floats, seen: Floats, mel: Floats, changes: Floats) -> tuple[Floats, Floats]:
    """Put these curves beside learned ones (n, width) and (n, 85, width), for the same places."""
    motion = np.zeros((*seen.shape[:2], 1), np.float32)
    motion[:, : signals.CELLS**2] = motion_curves(changes)
    onsets = onset_curve(mel)[: len(heard)] * np.float32(BESIDE_LEARNED)
    return np.concatenate([heard, onsets], axis=1), np.concatenate([seen, motion], axis=2)


@contextmanager
def using(folder: Path) -> Iterator[None]:
    """Use the constants in `folder` for a while: to measure them before they ship."""
    before = _in_use.set(folder)
    try:
        yield
    finally:
        _in_use.reset(before)


def calibration() -> Mapping[str, Calibration]:
    """Maps of the scores by column, fitted on rendered clips."""
    return {name: Calibration(**line) for name, line in _constants()["calibration"].items()}


def checksum() -> str:
    """Return the SHA-256 of the constants, for cache keys."""
    return hashlib.sha256((_in_use.get() / CONSTANTS).read_bytes()).hexdigest()


def _constants() -> dict[str, Any]:
    return _read(_in_use.get() / CONSTANTS)


@cache
def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def _standard(curve: Floats) -> Floats:
    centred = curve - curve.mean(axis=0)
    spread = centred.std(axis=0)
    standard: Floats = np.zeros_like(centred)
    np.divide(centred, spread, out=standard, where=spread > 1e-6)
    return standard
