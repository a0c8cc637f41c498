"""Clean clips at one loudness, so that nobody needs to turn them up before or after a fault."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from acav1m.agent.actions.volume import Volume
from acav1m.bench.subject import Subject
from acav1m.errors import ClipError
from acav1m.synth import level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acav1m.agent.action import Samples
    from acav1m.synth.event import Captions
    from acav1m.synth.stock import Stock


class Levelled(NamedTuple):
    """A clean clip at its loudness, and the stock that goes on like it beyond its ends."""

    subject: Subject
    stock: Stock


def levelled(subject: Subject, stock: Stock, target_lufs: float) -> Levelled:
    """The clip at `target_lufs`, or as near as its peaks let it come.

    Raises:
        ClipError: It is silent.
    """
    truth = subject.truth
    if not truth.audio.any():
        raise ClipError("silent", "there is no sound to damage")
    audio = Volume(target_lufs=target_lufs).apply(truth.audio, truth.rate_hz)
    gain = level.rms(audio) / level.rms(truth.audio)
    clean = Subject(replace(truth, audio=audio), subject.clip.with_sound(audio, truth.rate_hz))
    return Levelled(clean, _Louder(stock, gain))


class _Louder:
    """A stock with all of its sound turned up, less where that would clip."""

    def __init__(self, stock: Stock, gain: float) -> None:
        self._stock, self._gain = stock, gain

    def names(self) -> Sequence[str]:
        return self._stock.names()

    def others(self, name: str) -> Sequence[str]:
        return self._stock.others(name)

    def siblings(self, name: str) -> Sequence[str]:
        return self._stock.siblings(name)

    def margin_s(self, name: str, seconds: float) -> float:
        return self._stock.margin_s(name, seconds)

    def captions(self, name: str, seed: int, seconds: float) -> Captions | None:
        return self._stock.captions(name, seed, seconds)

    def heard(
        self,
        name: str,
        seed: int,
        seconds: float,
        rate_hz: int,
        *,
        start_s: float = 0.0,
        length_s: float | None = None,
    ) -> Samples:
        sound = self._stock.heard(name, seed, seconds, rate_hz, start_s=start_s, length_s=length_s)
        room = level.CEILING / max(float(np.abs(sound).max(initial=0)), 1e-12)
        return sound * np.float32(min(self._gain, room))
