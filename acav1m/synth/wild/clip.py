"""Make a clip in which only timing links what is heard to what is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth.wild import aside, lens, mic
from acav1m.synth.wild.shots import Shots
from acav1m.synth.wild.take import Extent, play_anything, play_known

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from acav1m.synth.event import Captions

VERSION = 1
"""Goes up when the same seed gives another clip."""

MARGIN_S = 1.5
"""A performance begins this long before the clip and goes on this long after it."""

KNOWN = 0.3
"""The share of clips that show one of the labelled events."""

RATES_FPS = (12.5, 15.0, 24000 / 1001, 24.0, 25.0, 25.0, 30000 / 1001, 30.0)


@dataclass(frozen=True)
class Wild:
    """A clip, and when it is in it that something is both seen and heard."""

    seed: int
    frames: NDArray[np.uint8]
    """(n, height, width, 3); picture i is shown from i / fps on."""

    fps: float
    audio: NDArray[np.float32]
    """(samples,), mono in [-1, 1]."""

    rate_hz: int
    event: str | None
    """One of `scene.events()`, or None where look and sound were drawn independently."""

    captions: Captions | None
    event_times_s: tuple[float, ...]
    """When a hit is both heard and seen, give or take the skew of `Shots`: 50 ms at most."""

    impulsive: bool
    """Whether hits are heard as sharp onsets; else the sound swells or scrapes."""

    @property
    def seconds(self) -> float:
        return len(self.audio) / self.rate_hz


def wild(
    number_seed: int,
    *,
    seconds: float = 5.0,
    fps: float | None = None,
    width: int = 96,
    height: int = 72,
    rate_hz: int = 16_000,
) -> Wild:
    """Make a clip; the same seed gives the same bytes.

    The frame rate is drawn from 12.5 to 30 where none is given.
    """
    timing, look, heard = np.random.default_rng(number_seed).spawn(3)
    fps = float(timing.choice(RATES_FPS)) if fps is None else fps
    seconds = round(seconds * rate_hz) / rate_hz
    taken = Shots(timing, seconds, fps)
    play = play_known if timing.random() < KNOWN else play_anything
    extent = Extent(-MARGIN_S, seconds + MARGIN_S, rate_hz, width, height)
    take = play((timing, look, heard), taken, extent)
    lens.spoil(look, take.frames, taken.middle_s)
    audio = mic.record(heard, aside.beside(heard, take.dry, -MARGIN_S, rate_hz), rate_hz)
    first = round(MARGIN_S * rate_hz)
    return Wild(
        seed=number_seed,
        frames=take.frames[taken.held],
        fps=fps,
        audio=audio[first : first + round(seconds * rate_hz)],
        rate_hz=rate_hz,
        event=take.event,
        captions=take.captions,
        event_times_s=take.rhythm.within(0.0, seconds),
        impulsive=take.impulsive,
    )
