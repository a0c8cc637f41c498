"""Sound that was turned up or down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from acav1m.agent.actions.volume import Volume
from acav1m.agent.faults.fault import Fault
from acav1m.agent.plan import Plan
from acav1m.errors import AcavError
from acav1m.measures.loudness import integrated_lufs
from acav1m.synth import level
from acav1m.synth.stock import RENDERER, Stock

if TYPE_CHECKING:
    from acav1m.synth.scene import Rendered

LEAST_DB = 3
"""A fault that peaks leave less room for is none."""

PLACES = 1


class Gain(Fault):
    """The sound is turned up by `gain_db`, or as far as its peaks allow; down where negative."""

    kind: Literal["gain"] = "gain"
    gain_db: float = Field(ge=-40, le=40)

    @property
    def name(self) -> str:
        return f"gain_{self.gain_db:+g}db"

    def plant(self, truth: Rendered, seed: int, *, stock: Stock = RENDERER) -> Rendered:
        peak = max(float(np.abs(truth.audio).max()), 1e-12)
        room_db = 20 * float(np.log10(level.CEILING / peak))
        if room_db < LEAST_DB and self.gain_db > room_db:
            raise AcavError(f"{self.name}: peaks leave {room_db:.1f} dB of room")
        factor = level.gain(min(self.gain_db, room_db) if self.gain_db > 0 else self.gain_db)
        return self._damaged(truth, truth.audio * np.float32(factor))

    def undo(self, truth: Rendered) -> Plan:
        lufs = integrated_lufs(truth.audio[None], truth.rate_hz)
        if lufs is None:
            raise AcavError(f"{self.name}: the clean sound is silent, and has no loudness")
        side = "loud" if self.gain_db > 0 else "quiet"
        return Plan.of(f"the sound is too {side}", Volume(target_lufs=round(lufs, PLACES)))
