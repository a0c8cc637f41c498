"""Steps that look at clips in memory."""

from pathlib import Path

import pytest

from acav1m import plan, steps
from acav1m.calibration.map import Calibration
from acav1m.looks import Looks, measured, needed, steps_for
from acav1m.measures.loudness import Loudness
from acav1m.steps import Aligner, Measure
from acav1m.testing import flash_and_beep, silence, tone


class Length(Aligner):
    """An aligner of no model: the clip's length."""

    adds = {"length_raw": float, "parts_raw": list[float]}
    calibrated = {"length": "length_raw"}

    def prior(self):
        return {"length": Calibration(1.0, -2.0)}

    def measure(self, clip):
        return {"length_raw": len(clip.audio()) / 16_000, "parts_raw": [1.0]}


class Double(Measure):
    """Reads what another step found."""

    adds = {"double": float}
    reads = ("length",)

    def measure(self, clip):
        return {"double": 2 * clip.columns["length"]}


class Broken(Measure):
    """Promises one column and gives another."""

    adds = {"promised": float}

    def measure(self, clip):
        return {"given": 1.0}


def test_scores_are_calibrated_by_the_prior_and_later_steps_read_them():
    clip = silence(seconds=2)
    clip.columns["event"] = "bell"

    found = Looks({"aligners.length": Length(), "measures.double": Double()})(clip)

    assert found == {"length_raw": 2.0, "length": 0.5, "parts_raw": [1.0], "double": 1.0}
    assert clip.columns == found | {"event": "bell"}


def test_scores_are_calibrated_by_maps_where_there_are_some():
    map_ = Calibration(0.0, 0.0)
    looks = Looks({"aligners.length": Length()}, {"length": map_})
    assert looks(silence(seconds=5))["length"] == 0.5
    assert Looks({"aligners.length": Length()}, {})(silence(seconds=5))["length"] is None


def test_candidates_are_looked_at_with_their_own_sound():
    look = Looks({"measures.loudness": Loudness()})
    clip = tone(seconds=1, hz=1000, level_db=-20)
    quieter = clip.with_sound(0.1 * clip.audio())

    assert look(clip)["lufs"] - look(quieter)["lufs"] == pytest.approx(20, abs=0.1)
    assert clip.columns["lufs"] > quieter.columns["lufs"]


def test_a_broken_promise_is_a_bug_of_the_step():
    with pytest.raises(TypeError, match=r"measures\.broken promises columns \['promised'\]"):
        measured("measures.broken", Broken(), silence(seconds=1))


def test_only_the_steps_that_wanted_columns_come_of_run():
    found = {"measures.loudness": Loudness(), "a.length": Length(), "measures.double": Double()}

    assert list(steps_for(found, {"double"})) == ["a.length", "measures.double"]
    assert list(steps_for(found, {"length"})) == ["a.length"]
    assert list(steps_for(found, {"peak_db", "nothing"})) == ["measures.loudness"]
    assert needed(list(found.values()), set()) == []


def test_a_recipe_of_ours_gives_every_column_of_its_aligners():
    lookers = plan.read(Path("quickstart")).lookers
    looks = Looks(steps_for(lookers, {"temporal_score", "instance_score"}))

    found = looks(flash_and_beep([0.5, 1.2, 2.1], seconds=3))

    assert list(looks.steps) == ["aligners.instance", "aligners.temporal"]
    assert looks.views == {view for step in looks.steps.values() for view in step.views}
    assert set(steps.load("aligners", "temporal").columns()) < set(found)
    assert 0 <= found["temporal_score"] <= 1
