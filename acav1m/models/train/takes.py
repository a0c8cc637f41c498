"""Draw batches for the timing network: pictures, and sound from some other moment of the take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from acav1m.models.timing import cells, onset_motion, sound
from acav1m.signals import CELLS, RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FRAMES = 5 * RATE_HZ
"""Length of both excerpts, 5 s."""

SHIFTED_SHARE = 0.7
ROLLED_SHARE = 0.3


@dataclass(frozen=True)
class Take:
    """One performance: `changes` (n, 64, 3) and `mel` (4 * (n + before + after), 64), float16.

    The sound begins `before` frames of 40 ms earlier than the pictures.
    """

    changes: NDArray[np.float16]
    mel: NDArray[np.float16]
    before: int


@dataclass(frozen=True)
class Drawn:
    """A batch: channels of sound and picture, what goes `beside` them, how late the sound is."""

    heard: Tensor
    """(n, 500, 128)."""

    seen: Tensor
    """(n, 125, 85, 6)."""

    onsets: Tensor
    """(n, 125, 1)."""

    motion: Tensor
    """(n, 125, 85, 1)."""

    lag: Tensor
    """(n,), frames."""


def batches(
    takes: Sequence[Take], size: int, steps: int, rng: np.random.Generator
) -> Iterator[Drawn]:
    """Draw so many batches; every take is met once before any is met again."""
    order: list[int] = []
    for _ in range(steps):
        if len(order) < size:
            order = rng.permutation(len(takes)).tolist()
        chosen, order = order[:size], order[size:]
        yield _batch([takes[i] for i in chosen], rng)


def _batch(chosen: Sequence[Take], rng: np.random.Generator) -> Drawn:
    drawn = [_excerpts(one, rng) for one in chosen]
    changes = np.stack([_seen_otherwise(seen, rng) for seen, _, _ in drawn])
    mel = np.stack([mel for _, mel, _ in drawn])
    mel = np.stack([_heard_otherwise(one, mel[i - 1], rng) for i, one in enumerate(mel)])
    none = np.zeros((FRAMES, 0), np.float32), np.zeros((FRAMES, cells.PLACES, 0), np.float32)
    beside = [onset_motion.beside(*none, *one) for one in zip(mel, changes, strict=True)]
    return Drawn(
        heard=torch.from_numpy(sound.channels(mel)),
        seen=torch.from_numpy(cells.channels(changes)),
        onsets=torch.from_numpy(np.stack([heard for heard, _ in beside])),
        motion=torch.from_numpy(np.stack([seen for _, seen in beside])),
        lag=torch.tensor([lag for _, _, lag in drawn]),
    )


def _excerpts(one: Take, rng: np.random.Generator) -> tuple[Floats, Floats, int]:
    """Five seconds of pictures, five of sound, and by how many frames the sound is late."""
    begin = int(rng.integers(0, len(one.changes) - FRAMES + 1))
    first, last = -one.before, len(one.mel) // sound.MELS_PER_FRAME - one.before - FRAMES
    low, high = max(first, begin - 62), min(last, begin + 62)
    heard_from = int(rng.integers(low, high + 1)) if rng.random() < SHIFTED_SHARE else begin
    start = (heard_from + one.before) * sound.MELS_PER_FRAME
    mel = one.mel[start : start + FRAMES * sound.MELS_PER_FRAME].astype(np.float32)
    lag = begin - heard_from
    if rng.random() < ROLLED_SHARE:
        rolled = int(rng.integers(max(-62, -74 - lag), min(62, 74 - lag) + 1))
        mel, lag = np.roll(mel, rolled * sound.MELS_PER_FRAME, axis=0), lag + rolled
    return one.changes[begin : begin + FRAMES].astype(np.float32), mel, lag


def _seen_otherwise(changes: Floats, rng: np.random.Generator) -> Floats:
    """Mirror and move the picture, change contrast, add grain and a camera's motion."""
    grid = changes.reshape(-1, CELLS, CELLS, cells.KINDS)
    if rng.random() < 0.5:
        grid = grid[:, :, ::-1]
    if rng.random() < 0.3:
        grid = np.roll(grid, rng.integers(0, CELLS, 2), (1, 2))
    changed: NDArray[np.float64] = grid.reshape(-1, CELLS**2, cells.KINDS).astype(np.float64)
    changed *= 10 ** rng.uniform(-0.5, 0.3)
    unsigned = np.array([1.0, 0.0, 1.0])
    if rng.random() < 0.5:
        grain = np.abs(rng.normal(0, 10 ** rng.uniform(-3.5, -2), changed.shape))
        changed = changed + grain * unsigned
    if rng.random() < 0.3:
        pace = np.convolve(rng.normal(size=len(changed)), np.ones(rng.integers(3, 12)) / 3, "same")
        shake = np.abs(pace)[:, None, None] * rng.uniform(0.5, 1.5, (1, CELLS**2, 1))
        changed = changed + shake * 10 ** rng.uniform(-3, -1.5) * unsigned * [1, 0, 1.5]
    return changed.astype(np.float32)


def _heard_otherwise(mel: Floats, other: Floats, rng: np.random.Generator) -> Floats:
    """Add noise or another take's sound, lose bands, change the gain."""
    power: NDArray[np.float64] = 10 ** ((mel.astype(np.float64) - 1) * 5)
    if rng.random() < 0.6:
        tilt = 10 ** (np.linspace(-1, 1, power.shape[1]) * rng.uniform(-1, 1))
        power = power + 10 ** rng.uniform(-9, -4.5) * rng.gamma(3, 1 / 3, power.shape) * tilt
    if rng.random() < 0.4:
        beside = 10 ** ((other - 1) * 5)
        ratio = power.mean() / max(float(beside.mean()), 1e-10)
        power = power + beside * ratio * 10 ** -rng.uniform(0, 2)
    if rng.random() < 0.4:
        power = power.copy()
        power[:, : rng.integers(0, 10)] = 0
        power[:, rng.integers(36, power.shape[1] + 1) :] = 0
    changed: NDArray[np.float64] = (
        np.log10(np.maximum(power * 10 ** rng.uniform(-1, 1), 1e-10)) / 5 + 1
    )
    return changed.astype(np.float32)
