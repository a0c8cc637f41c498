"""Render a labelled clip: an event whose look and sound belong together."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from acav1m import registry
from acav1m.errors import AcavError, did_you_mean
from acav1m.synth import events as folder
from acav1m.synth import labels
from acav1m.synth.event import Captions, Event
from acav1m.synth.film import film
from acav1m.synth.room import record

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

VERSION = 1
"""Goes up when the same event and seed give another clip."""

MARGIN_S = 2.5
"""A performance begins this long before the clip and goes on this long after it, so that sound
moved or stretched by a defect is filled with more of itself."""


@dataclass(frozen=True)
class Rendered:
    """A clip and the truth about it."""

    event: str
    seed: int
    frames: NDArray[np.uint8]
    """(n, height, width, 3)."""

    fps: float
    audio: NDArray[np.float32]
    """(samples,), mono in [-1, 1]."""

    rate_hz: int
    caption: str
    """The caption the clip comes with; wrong only when `wrong_caption` is planted.

    Captions are empty where nobody knows them, as with a recorded clip."""

    audio_caption: str
    visual_caption: str
    event_times_s: tuple[float, ...]
    """When a hit is both seen and heard."""

    labels_per_s: tuple[bool, ...]
    """Whether second t holds sound and picture that belong together."""

    defect: str | None = None
    defect_options: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return len(self.audio) / self.rate_hz


def events() -> list[str]:
    """Names of the event classes, sorted: the files in `acav1m/synth/events`."""
    return registry.names(folder)


def render(
    event: str,
    seed: int,
    *,
    seconds: float = 5.0,
    fps: float = 25.0,
    width: int = 160,
    height: int = 120,
    rate_hz: int = 16_000,
) -> Rendered:
    """Render an event; the same event and seed give the same bytes.

    Frame i shows the instant i / fps and sample k is heard at k / rate_hz.
    """
    # A whole number of samples, so that the clip's own length tells how it was performed.
    seconds = round(seconds * rate_hz) / rate_hz
    performance = perform(event, seed, seconds)
    count = round(seconds * fps)
    both, audio, visual = performance.captions()
    return Rendered(
        event=event,
        seed=seed,
        frames=film(performance, _rng(event, seed, "film"), count, fps, width, height),
        fps=fps,
        audio=heard(event, seed, seconds, rate_hz),
        rate_hz=rate_hz,
        caption=both,
        audio_caption=audio,
        visual_caption=visual,
        event_times_s=performance.rhythm.within(0.0, seconds),
        labels_per_s=labels.every(seconds, together=True),
    )


def perform(event: str, seed: int, seconds: float) -> Event:
    """Cast the performance behind a clip, from `MARGIN_S` before it to `MARGIN_S` after it."""
    return event_class(event)(seed, -MARGIN_S, seconds + MARGIN_S)


def captions(event: str, seed: int, seconds: float) -> Captions:
    """True captions of a clip, without rendering it."""
    return perform(event, seed, seconds).captions()


def heard(
    event: str,
    seed: int,
    seconds: float,
    rate_hz: int,
    *,
    start_s: float = 0.0,
    length_s: float | None = None,
) -> NDArray[np.float32]:
    """The sound of a clip `seconds` long, from `start_s` on: as long as the clip unless asked.

    It may begin up to `MARGIN_S` before the clip and end as long after it.
    """
    performance = perform(event, seed, seconds).sound(rate_hz)
    whole = record(_rng(event, seed, "room"), performance, rate_hz)
    start = round((MARGIN_S + start_s) * rate_hz)
    return whole[start : start + round((seconds if length_s is None else length_s) * rate_hz)]


@cache
def event_class(name: str) -> type[Event]:
    """Import the event class of that name.

    Raises:
        AcavError: There is no such event.
    """
    if name not in events():
        raise AcavError(f"synthetic event {name!r}: no such event{did_you_mean(name, events())}")
    module = importlib.import_module(f"{folder.__name__}.{name}")
    return registry.only(module, Event)  # type: ignore[type-abstract]


def _rng(event: str, seed: int, purpose: str) -> Generator:
    return np.random.default_rng([seed, crc32(f"{event}/{purpose}".encode())])
