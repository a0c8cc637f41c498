"""Train the timing network on takes in memory."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np
import torch

from acav1m.models.train import fit
from acav1m.models.train.takes import batches
from acav1m.models.train.timing import Timing, loss

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acav1m.models.train.takes import Take

BATCH = 16
PEAK_RATE = 3e-3
log = logging.getLogger(__name__)


def fit_timing(takes: Sequence[Take], *, steps: int, seed: int) -> tuple[Timing, list[float]]:
    """Train on one thread; return the network and its mean loss over every fiftieth of the run.

    The same takes, steps and seed give the same weights on the same machine.
    """
    fit.prepare(seed)
    rng = np.random.default_rng([seed, 6])
    network = Timing()
    optimiser = torch.optim.AdamW(network.parameters(), PEAK_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=steps)
    losses: list[float] = []
    network.train()
    for drawn in batches(takes, min(BATCH, len(takes)), steps, rng):
        heard = torch.cat([network.sound_curve(drawn.heard), drawn.onsets], 2)
        seen = torch.cat([network.picture_curves(drawn.seen), drawn.motion], 3)
        own = network.log_posterior(heard, seen)
        value = loss(own, network.log_posterior(heard.roll(1, 0), seen), drawn.lag)
        optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        losses.append(value.item())
        if len(losses) % 50 == 0:
            log.info("timing, step %d of %d: loss %.3f", len(losses), steps, np.mean(losses[-50:]))
    return network.eval(), fit.curve(losses)
