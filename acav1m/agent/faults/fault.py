"""What a planted fault must do: damage a clean sound, and say which plan undoes it."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Literal
from zlib import crc32

import numpy as np
from pydantic import BaseModel, ConfigDict

from acav1m.synth.stock import RENDERER, Stock

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.agent.plan import Plan
    from acav1m.synth.scene import Rendered

Kind = Literal["white", "pink", "hum", "babble", "offset", "drift", "gain", "blanks", "pitch"]


class Fault(BaseModel):
    """One kind of damage to sound, of known strength: what its fields say."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: Kind

    @property
    @abstractmethod
    def name(self) -> str:
        """Kind and strength, such as `white_5db` or `offset_0.5s`."""

    @abstractmethod
    def plant(self, truth: Rendered, seed: int, *, stock: Stock = RENDERER) -> Rendered:
        """The clip with this fault in its sound, which keeps its length; no peak is clipped.

        `truth` has no defect yet, and `stock` is what it was taken from. The same seed gives the
        same bytes.

        Raises:
            AcavError: Such a clip cannot have this fault.
        """

    @abstractmethod
    def undo(self, truth: Rendered) -> Plan:
        """The plan that undoes it, with the true parameters; `truth` is the clean clip."""

    def _rng(self, truth: Rendered, seed: int) -> Generator:
        return np.random.default_rng([seed, crc32(f"{self.name}/{truth.event}".encode())])

    def _damaged(self, truth: Rendered, audio: NDArray[np.floating]) -> Rendered:
        options = self.model_dump(exclude={"kind"})
        sound = np.asarray(audio, np.float32)
        return replace(truth, audio=sound, defect=self.name, defect_options=options)
