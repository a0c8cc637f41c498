"""Sound that runs at another speed than the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from acav1m.agent.actions.speed import Speed
from acav1m.agent.faults.fault import Fault
from acav1m.agent.plan import Plan
from acav1m.synth.plant import plant
from acav1m.synth.stock import RENDERER, Stock

if TYPE_CHECKING:
    from acav1m.synth.scene import Rendered

PLACES = 4


class Drift(Fault):
    """The sound starts in step and runs `speed` times as fast, as of a tape: pitch moves too.

    The cure brings the timing back and leaves the pitch, as `speed` has no hold on it.
    """

    kind: Literal["drift"] = "drift"
    speed: float = Field(ge=0.9, le=1.1)

    @property
    def name(self) -> str:
        return f"drift_{self.speed:g}x"

    def plant(self, truth: Rendered, seed: int, *, stock: Stock = RENDERER) -> Rendered:
        return plant(truth, "drift", seed, stock=stock, speed=self.speed)

    def undo(self, truth: Rendered) -> Plan:
        side = "fast" if self.speed > 1 else "slow"
        reason = f"the sound runs too {side}"
        return Plan.of(reason, Speed(factor=round(1 / self.speed, PLACES)))
