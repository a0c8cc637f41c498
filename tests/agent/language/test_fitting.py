"""Parameters that follow from what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from acav1m.agent.actions.fill_blanks import FillBlanks
from acav1m.agent.actions.speed import Speed
from acav1m.agent.actions.volume import Volume
from acav1m.agent.language.fitting import fitting
from acav1m.agent.observation import Blanks, Level, Observation, Timing

if TYPE_CHECKING:
    from acav1m.agent.action import Action


def coordination(**parts: object) -> list[Action]:
    return list(fitting("coordination", Observation(duration_s=10, **parts)).values())


def test_all_filters_are_possible_with_their_defaults() -> None:
    found = fitting("noise", Observation(duration_s=10))
    assert sorted(found) == ["spectral_gating", "spectral_subtraction", "wavelet", "wiener"]
    assert all(act == type(act)() for act in found.values())


@pytest.mark.parametrize(("offset_s", "drift"), [(0.5, None), (-0.3, 0.02), (0.0, -0.01)])
def test_speed_undoes_what_was_measured(offset_s: float, drift: float | None) -> None:
    """What is heard at a time t comes from where the sound that belongs there was."""
    (act,) = coordination(timing=Timing(offset_s=offset_s, drift=drift))
    assert isinstance(act, Speed)
    heard_s = np.linspace(0, 10, 11)
    late_s = offset_s + (drift or 0) * (heard_s - 5)
    assert act.start_s + act.factor * heard_s == pytest.approx(heard_s + late_s, abs=0.006)


@pytest.mark.parametrize(
    "timing",
    [
        Timing(),
        Timing(drift=0.1),
        Timing(offset_s=0.0004),
        Timing(offset_s=9),
        Timing(offset_s=0.0, drift=1.5),
    ],
)
def test_nothing_is_offered_for_nothing_known_or_beyond_reach(timing: Timing) -> None:
    assert coordination(timing=timing) == []


def test_volume_and_blanks_are_offered_where_there_is_need() -> None:
    level = Level(target_lufs=-20)
    assert coordination(level=level, blanks=Blanks(count=1)) == [
        FillBlanks(),
        Volume(target_lufs=-20),
    ]
    assert coordination(level=Level(lufs=-40, target_lufs=-70)) == []
