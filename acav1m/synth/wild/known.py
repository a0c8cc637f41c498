"""The labelled events of `scene`, filmed and recorded in the wild."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m.synth import scene
from acav1m.synth.canvas import Canvas

if TYPE_CHECKING:
    import numpy as np
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.event import Event
    from acav1m.synth.wild.beat import Floats


def draw(rng: Generator, start_s: float, end_s: float) -> tuple[str, Event]:
    """Draw an event class and cast a performance of it."""
    names = scene.events()
    name = names[int(rng.integers(len(names)))]
    return name, scene.event_class(name)(int(rng.integers(2**31)), start_s, end_s)


def film(
    rng: Generator, event: Event, frames: NDArray[np.uint8], times_s: Floats, camera: Floats
) -> None:
    """Draw the performance into pictures whose `camera` is upright."""
    size = rng.uniform(0.4, 1.05)
    x, y = rng.uniform(-0.45, 0.45), rng.uniform(-0.3, 0.3)
    mirrored = bool(rng.random() < 0.5)
    for frame, time_s, at in zip(frames, times_s.tolist(), camera, strict=True):
        across = at[0, 0] * x + at[0, 2]
        down = at[1, 1] * y + at[1, 2]
        event.draw(Canvas(frame, across, down, size * at[0, 0], mirrored=mirrored), time_s)
