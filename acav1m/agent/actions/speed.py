"""Play faster or slower at the same pitch."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from acav1m.agent import stretch
from acav1m.agent.action import Action, Kind

if TYPE_CHECKING:
    from acav1m.agent.action import Samples


class Speed(Action):
    """Plays the sound `factor` times as fast, at the same pitch.

    The result is 1 / `factor` times as long; above 1, what it lacks at the end is not made up.
    """

    kind: ClassVar[Kind] = "coordination"
    factor: float = Field(1.0, ge=0.5, le=2)

    def length(self, samples: int) -> int:
        return round(samples / self.factor)

    def edit(self, channels: Samples, rate_hz: int) -> Samples:
        if self.factor == 1:
            return channels.copy()
        length = self.length(channels.shape[1])
        return stretch.stretched(channels, rate_hz, factor=self.factor, length=length)
