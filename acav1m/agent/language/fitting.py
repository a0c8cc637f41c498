"""An action by its name, with the parameters that follow from what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m.agent import action as actions
from acav1m.agent.actions.fill_blanks import FillBlanks
from acav1m.agent.actions.speed import Speed
from acav1m.agent.actions.volume import Volume

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.agent.action import Action, Kind
    from acav1m.agent.observation import Observation

FACTOR_DIGITS, START_DIGITS = 3, 2


def fitting(kind: Kind, observation: Observation) -> Mapping[str, Action]:
    """Actions of a kind that could be done here, by name.

    Noise filters keep their defaults. Of the others, `speed` undoes the measured offset and
    drift, `volume` brings the sound to the loudness that is asked for, and `fill_blanks` is
    there where blanks are heard. Nothing that is measured gives `pitch` its semitones.
    """
    if kind == "noise":
        found = (actions.load(name) for name in actions.names())
        return {act.name(): act() for act in found if act.kind == "noise"}
    blanks = FillBlanks() if observation.blanks.count else None
    possible = (blanks, _speed(observation), _volume(observation))
    return {act.name(): act for act in possible if act is not None}


def _speed(observation: Observation) -> Speed | None:
    timing = observation.timing
    if timing.offset_s is None:
        return None
    drift = timing.drift or 0.0
    start_s = round(timing.offset_s - drift * observation.duration_s / 2, START_DIGITS)
    factor = round(1 + drift, FACTOR_DIGITS)
    if (factor, start_s) == (1, 0) or not (0.5 <= factor <= 2 and abs(start_s) <= 5):
        return None
    return Speed(factor=factor, start_s=start_s)


def _volume(observation: Observation) -> Volume | None:
    wanted = observation.level.target_lufs
    if wanted is None or not -50 <= wanted <= -9:
        return None
    return Volume(target_lufs=wanted)
