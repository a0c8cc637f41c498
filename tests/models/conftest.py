"""Held-out clips: rendered from seeds no training run uses."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from acav1m.clip import Clip
from acav1m.synth import scene
from acav1m.synth.plant import plant
from acav1m.testing import from_arrays

SEED = 2**31 + 11
"""Training draws its clips' seeds below 2**31."""


@dataclass(frozen=True)
class HeldOut:
    """Clips in step, and the same with their sound 0.6 s late; `events` in truth."""

    events: Sequence[str]
    clips: Sequence[Clip]
    late: Sequence[Clip]


@pytest.fixture(scope="session")
def held_out() -> HeldOut:
    events = [scene.events()[i % len(scene.events())] for i in range(24)]
    rendered = [
        scene.render(event, SEED + i, seconds=3.0, width=96, height=72)
        for i, event in enumerate(events)
    ]
    late = [plant(one, "shifted", 0, offset_s=0.6) for one in rendered]
    both = [
        [from_arrays(one.frames, one.fps, one.audio, one.rate_hz) for one in many]
        for many in (rendered, late)
    ]
    return HeldOut(events, *both)
