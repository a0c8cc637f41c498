"""Noise over all of the sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from pydantic import Field

from acav1m.agent import remedies
from acav1m.agent.faults.fault import Fault
from acav1m.agent.observation import NoiseKind
from acav1m.agent.plan import Plan
from acav1m.synth.plant import plant
from acav1m.synth.stock import RENDERER, Stock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.synth.scene import Rendered

Colour = Literal["white", "pink", "hum", "babble"]
COLOURS: tuple[Colour, ...] = get_args(Colour)

HEARD_AS: Mapping[Colour, NoiseKind] = {
    "white": "hiss",
    "pink": "hiss",
    "hum": "hum",
    "babble": "babble",
}


class Noisy(Fault):
    """Steady noise, the clip's own sound `snr_db` above it in RMS over the whole clip."""

    kind: Colour
    snr_db: float = Field(ge=-10, le=40)

    @property
    def name(self) -> str:
        return f"{self.kind}_{self.snr_db:g}db"

    def plant(self, truth: Rendered, seed: int, *, stock: Stock = RENDERER) -> Rendered:
        options = {"kind": self.kind, "snr_db": self.snr_db}
        return plant(truth, "noisy", seed, stock=stock, **options)

    def undo(self, truth: Rendered) -> Plan:
        heard_as = HEARD_AS[self.kind]
        return Plan.of(f"{heard_as} under the sound", remedies.filters(heard_as, self.snr_db)[0])
