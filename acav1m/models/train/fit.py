"""Train the towers of the embedded model on examples in memory."""

from __future__ import annotations

import ctypes
import logging
import math
from typing import TYPE_CHECKING

import numpy as np
import torch

from acav1m.models.train.batch import batches, nothing
from acav1m.models.train.losses import total
from acav1m.models.train.network import Embedded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from acav1m.models.train.corpus import Example

BATCH = 24
NOTHING_SHARE = 0.25
"""Clips of no event beside each batch, for each clip in it."""

PEAK_RATE = 4e-3
log = logging.getLogger(__name__)


def fit(
    examples: Sequence[Example],
    tunes: Sequence[NDArray[np.float16]],
    *,
    events: int,
    steps: int,
    seed: int,
) -> tuple[Embedded, list[float]]:
    """Train on one thread; return the model and its mean loss over every fiftieth of the run.

    The same examples, steps and seed give the same weights on the same machine.
    """
    prepare(seed)
    rng = np.random.default_rng([seed, 1])
    model = Embedded(events)
    optimiser = torch.optim.AdamW(model.parameters(), PEAK_RATE, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=steps)
    losses: list[float] = []
    model.train()
    for batch in batches(examples, min(BATCH, len(examples)), steps, rng):
        count = math.ceil(NOTHING_SHARE * len(batch.event))
        loss = total(model, batch, nothing(batch, count, tunes, rng), rng)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if len(losses) % 50 == 0:
            log.info("step %d of %d: loss %.3f", len(losses), steps, np.mean(losses[-50:]))
    return model.eval(), curve(losses)


def prepare(seed: int) -> None:
    """Make torch use one thread and give the same numbers each time."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(seed)
    keep_memory()


def curve(losses: Sequence[float], points: int = 50) -> list[float]:
    """Thin a loss curve to the means of about `points` equal stretches."""
    parts = np.array_split(np.asarray(losses), min(points, len(losses)))
    return [round(float(part.mean()), 4) for part in parts]


def keep_memory() -> None:
    """Ask the C library not to give freed memory back: three times the speed on Linux.

    Each step frees and takes the same large blocks, and the kernel would clear them every time.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        mmap_max, trim_threshold = -4, -1  # M_MMAP_MAX, M_TRIM_THRESHOLD in glibc's malloc.h
        libc.mallopt(mmap_max, 0)
        libc.mallopt(trim_threshold, 2**31 - 1)
