"""Sound with holes in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from acav1m.agent.actions.fill_blanks import FillBlanks
from acav1m.agent.faults.fault import Fault
from acav1m.agent.plan import Plan
from acav1m.errors import AcavError
from acav1m.synth.stock import RENDERER, Stock

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from acav1m.synth.scene import Rendered

BLOCK_S = 0.01
BELOW_DB, LEAST_DB = 30, -60
"""Audible is what is less than 30 dB under the whole clip's RMS, and above -60 dBFS."""

APART_S = 0.1
"""Sound that is left around every blank."""

FEWEST = 2


class Blanks(Fault):
    """`count` blanks of `blank_ms` of digital silence each, or as many as find audible places."""

    kind: Literal["blanks"] = "blanks"
    blank_ms: float = Field(ge=5, le=300)
    count: int = Field(default=4, ge=FEWEST, le=6)

    @property
    def name(self) -> str:
        return f"blanks_{self.blank_ms:g}ms"

    def plant(self, truth: Rendered, seed: int, *, stock: Stock = RENDERER) -> Rendered:
        rng, audio = self._rng(truth, seed), truth.audio.copy()
        samples, apart = (round(s * truth.rate_hz) for s in (self.blank_ms / 1000, APART_S))
        free = self._starts(truth.audio, truth.rate_hz, samples)
        planted = 0
        while planted < self.count and free.size:
            start = int(rng.choice(free))
            audio[start : start + samples] = 0
            free = free[np.abs(free - start) > samples + apart]
            planted += 1
        if planted < FEWEST:
            raise AcavError(f"{self.name}: no two places where the sound is audible")
        return self._damaged(truth, audio)

    def undo(self, truth: Rendered) -> Plan:
        return Plan.of("the sound has blanks", FillBlanks())

    def _starts(self, audio: NDArray[np.float32], rate_hz: int, samples: int) -> NDArray[np.int_]:
        """Where a blank may begin: the sound before and after it is audible, and not at an end."""
        block = round(BLOCK_S * rate_hz)
        squares = np.cumsum(np.square(np.pad(audio, (1, 0)), dtype=np.float64))
        power = (squares[block:] - squares[:-block]) / block
        loud = max(np.mean(np.square(audio)) / 10 ** (BELOW_DB / 10), 10 ** (LEAST_DB / 10))
        margin = round(APART_S * rate_hz)
        starts = np.arange(margin, audio.size - samples - margin, block)
        return np.asarray(starts[(power[starts - block] > loud) & (power[starts + samples] > loud)])
