"""An action by its name, with the parameters that follow from what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from acav1m.agent import action as actions
from acav1m.agent.actions.fill_blanks import FillBlanks
from acav1m.agent.actions.volume import Volume
from acav1m.agent.resync import resync, start_s

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.agent.action import Action, Kind
    from acav1m.agent.actions.speed import Speed
    from acav1m.agent.observation import Observation


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
    begin_s = start_s(timing.offset_s, drift=drift, duration_s=observation.duration_s)
    return resync(drift=drift, start_s=begin_s)


def _volume(observation: Observation) -> Volume | None:
    wanted = observation.level.target_lufs
    try:
        return None if wanted is None else Volume(target_lufs=wanted)
    except ValidationError:  # no loudness that `volume` gives
        return None
