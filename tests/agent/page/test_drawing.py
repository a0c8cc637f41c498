"""Pictures of a clip's sound."""

from dataclasses import replace

import av
import numpy as np
import pytest

from acav1m.agent.page import drawing
from acav1m.agent.scores import Scores
from acav1m.testing import sine


def pixels(path):
    with av.open(str(path)) as file:
        return next(file.decode(video=0)).to_ndarray(format="rgb24")


@pytest.mark.parametrize("hz", [500, 1000, 4000])
def test_levels_are_those_of_a_sine_at_its_frequency(hz):
    found = drawing.levels_db(sine(1, hz=hz, level_db=-20))
    middle = found[:, 10:-10]

    assert (middle.argmax(axis=0) == round(hz / 31.25)).all()
    assert middle.max(axis=0) == pytest.approx(np.full(middle.shape[1], -20), abs=0.1)
    assert found.shape[1] == pytest.approx(1 / 0.008, abs=1)


def test_silence_and_what_is_short_have_levels():
    assert (drawing.levels_db(np.zeros(100, np.float32)) == drawing.LEAST_DB).all()


def test_there_are_two_panels_where_there_was_an_edit(report, kept, tmp_path):
    heights = []
    for name, one in (("edited", report), ("kept", kept)):
        (tmp_path / name).mkdir()
        drawing.draw(one, tmp_path / name)
        heights.append(len(pixels(tmp_path / name / "spectrograms.png")))
    assert heights[0] > heights[1]


def test_before_and_after_have_one_scale(report, tmp_path):
    """The quieter sound is the darker one, and not stretched to the full range of colours."""
    drawing.draw(report, tmp_path)
    shown = pixels(tmp_path / "spectrograms.png").astype(int)
    upper, lower = (len(panel) for panel in map(brightest, np.array_split(shown, 2)))
    assert upper > 100
    assert lower == 0


def brightest(panel):
    """Points of the colour that the top of the scale has, colour bar aside: a pale yellow."""
    red, green, blue = panel[:, :780].reshape(-1, 3).T
    return np.flatnonzero((red > 245) & (green > 235) & (blue < 215))


def test_scores_that_nobody_knows_are_gaps(report, tmp_path):
    nothing = report.story.model_copy(update={"before": Scores(), "after": Scores()})
    gaps = replace(report, story=nothing, per_second=((), (None, None)))
    shown = {}
    for name, one in (("known", report), ("gaps", gaps)):
        (tmp_path / name).mkdir()
        drawing.draw(one, tmp_path / name)
        shown[name] = coloured(pixels(tmp_path / name / "scores.png"))
    assert shown["gaps"] == 0 < shown["known"]


def coloured(picture):
    """How many points have a colour, the legend aside."""
    left = picture[:, :700].astype(int)
    return int((left.max(axis=2) - left.min(axis=2) > 60).sum())
