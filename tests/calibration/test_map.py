"""Raw scores become probabilities; unknown stays unknown."""

import json

import numpy as np
import pytest

from acav1m.calibration.map import Calibration, Map, Steps, applied, from_json, to_json

MAPS = pytest.mark.parametrize("map", [Calibration(3.0, -1.0), Steps((0.1, 0.2), (0.25, 0.75))])


def test_probability_rises_with_the_score() -> None:
    line = Calibration(3.0, -1.0)

    assert line.probability(0.1) < line.probability(0.2)


@MAPS
def test_a_map_survives_json(map: Map) -> None:
    assert from_json(json.loads(json.dumps(to_json(map)))) == map


@MAPS
def test_many_at_once_are_as_one_by_one(map: Map) -> None:
    raw = np.array([-5.0, 0.1, 0.15, 5.0])

    assert map.probabilities(raw).tolist() == [map.probability(x) for x in raw]


def test_steps_are_level_beyond_their_ends() -> None:
    steps = Steps((0.1, 0.2), (0.25, 0.75))

    assert (steps.probability(-9), steps.probability(9)) == (0.25, 0.75)


def test_a_huge_score_does_not_overflow() -> None:
    assert Calibration(-1.0, 0.0).probability(1e6) == 0


def test_unknown_stays_unknown() -> None:
    line = Calibration(1.0, 0.0)

    assert applied(line, None) is None
    assert applied(None, 0.3) is None
    assert applied(line, [None, 0.0]) == [None, 0.5]
