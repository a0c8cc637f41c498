"""Sound that is too high or too low, at its right speed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from acav1m.agent import spectra
from acav1m.agent.actions.pitch import Pitch as Shift
from acav1m.agent.faults.fault import Fault
from acav1m.agent.plan import Plan
from acav1m.synth import level
from acav1m.synth.stock import RENDERER, Stock

if TYPE_CHECKING:
    from acav1m.agent.action import Samples
    from acav1m.synth.scene import Rendered

WINDOW_S = 0.064


class Pitch(Fault):
    """The sound is `semitones` too high, or too low where that is negative.

    Planted by a phase vocoder and resampling, and not by what `pitch` is made with: an engine
    that undoes its own work might do so too well.
    """

    kind: Literal["pitch"] = "pitch"
    semitones: float = Field(ge=-12, le=12)

    @property
    def name(self) -> str:
        return f"pitch_{self.semitones:+g}st"

    def plant(self, truth: Rendered, seed: int, *, stock: Stock = RENDERER) -> Rendered:
        import soxr

        ratio = 2 ** (self.semitones / 12)
        longer = _stretched(truth.audio, truth.rate_hz, ratio)
        moved = soxr.resample(longer, truth.rate_hz * ratio, truth.rate_hz)[: truth.audio.size]
        fitted = np.pad(moved, (0, truth.audio.size - moved.size))
        loudest = float(np.abs(fitted).max(initial=0))
        return self._damaged(truth, fitted * min(1.0, level.CEILING / max(loudest, 1e-12)))

    def undo(self, truth: Rendered) -> Plan:
        side = "high" if self.semitones > 0 else "low"
        reason = f"the sound is too {side}"
        return Plan.of(reason, Shift(semitones=-self.semitones))


def _stretched(audio: Samples, rate_hz: int, ratio: float) -> Samples:
    """The sound `ratio` times as long at its pitch (Flanagan and Golden, 1966)."""
    window = spectra.window_samples(rate_hz, WINDOW_S)
    found = spectra.analyse(audio[None], window)[0]
    at = np.arange(0, found.shape[1] - 1, 1 / ratio)
    left = at.astype(int)
    share = (at - left).astype(np.float32)
    sizes = (1 - share) * np.abs(found[:, left]) + share * np.abs(found[:, left + 1])
    turned = np.angle(found[:, left + 1] * found[:, left].conj())
    phases = np.angle(found[:, :1]) + np.cumsum(turned, axis=1) - turned
    made = (sizes * np.exp(1j * phases)).astype(np.complex64)[None]
    return np.asarray(spectra.synthesise(made, window, round(audio.size * ratio))[0])
