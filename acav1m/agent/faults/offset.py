"""Sound that comes too late or too early."""

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


class Offset(Fault):
    """The sound comes `offset_s` late, or early where that is negative.

    What moves in at one end is what the performance sounded like before or after the clip.
    """

    kind: Literal["offset"] = "offset"
    offset_s: float = Field(ge=-2, le=2)

    @property
    def name(self) -> str:
        return f"offset_{self.offset_s:g}s"

    def plant(self, truth: Rendered, seed: int, *, stock: Stock = RENDERER) -> Rendered:
        return plant(truth, "shifted", seed, stock=stock, offset_s=self.offset_s)

    def undo(self, truth: Rendered) -> Plan:
        side = "late" if self.offset_s > 0 else "early"
        reason = f"the sound comes too {side}"
        return Plan.of(reason, Speed(start_s=self.offset_s))
