"""Raise or lower the pitch at the same speed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from acav1m.agent import stretch
from acav1m.agent.action import Action, Kind

if TYPE_CHECKING:
    from acav1m.agent.action import Samples


class Pitch(Action):
    """Raises the pitch by `semitones` at the same speed, or lowers it where that is negative.

    Formants move too, so voices change their character beyond a few semitones.
    """

    kind: ClassVar[Kind] = "coordination"
    semitones: float = Field(0.0, ge=-12, le=12)

    def edit(self, channels: Samples, rate_hz: int) -> Samples:
        if self.semitones == 0:
            return channels.copy()
        length = channels.shape[1]
        return stretch.stretched(channels, rate_hz, semitones=self.semitones, length=length)
