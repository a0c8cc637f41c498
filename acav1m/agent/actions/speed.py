"""Play faster or slower at the same pitch, or earlier or later."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from acav1m.agent import stretch
from acav1m.agent.action import Action, Kind

if TYPE_CHECKING:
    from acav1m.agent.action import Samples


class Speed(Action):
    """Plays the sound `factor` times as fast at the same pitch, from `start_s` seconds on.

    What is heard at a time t is what was at `start_s` + `factor` * t, so 0.5 mends sound that
    comes half a second late. The length stays: what is not there is silent, and what goes beyond
    the end is left out. (The paper's eight actions have none that moves sound; without it a
    constant offset could not be undone.)
    """

    kind: ClassVar[Kind] = "coordination"
    factor: float = Field(1.0, ge=0.5, le=2)
    start_s: float = Field(0.0, ge=-5, le=5)

    def edit(self, channels: Samples, rate_hz: int) -> Samples:
        samples = channels.shape[1]
        first = round(self.start_s * rate_hz)
        before = min(samples, round(max(0, -first) / self.factor))
        left = channels[:, max(0, first) :]
        if self.factor != 1 and left.size:
            length = round(left.shape[1] / self.factor)
            left = stretch.stretched(left, rate_hz, factor=self.factor, length=length)
        made = np.pad(left, ((0, 0), (before, 0)))[:, :samples]
        return np.pad(made, ((0, 0), (0, samples - made.shape[1])))
