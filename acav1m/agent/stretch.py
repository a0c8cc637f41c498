"""Time and pitch by Signalsmith Stretch, always the same for the same sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from acav1m.agent.action import Samples

SEED = 1


def stretched(
    channels: Samples, rate_hz: int, *, length: int, factor: float = 1, semitones: float = 0
) -> Samples:
    """Play `factor` times as fast and `semitones` higher; exactly `length` samples come of it."""
    from python_stretch import Signalsmith

    stretch = Signalsmith.Stretch(SEED)
    stretch.preset(len(channels), rate_hz)
    stretch.setTimeFactor(factor)
    stretch.setTransposeSemitones(semitones)
    # a whole block at least: of less it makes nothing
    missing = max(0, stretch.blockSamples() - channels.shape[1])
    made = np.asarray(stretch.process(np.pad(channels, ((0, 0), (0, missing)))))[:, :length]
    return np.pad(made, ((0, 0), (0, length - made.shape[1])))
