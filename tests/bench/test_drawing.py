"""What the pictures show."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.figure import Figure

from acav1m.bench import curves, drawing
from acav1m.bench.figures import Score, Trial
from acav1m.bench.verdict import Verdict
from acav1m.testing import flash_and_beep

SCORE = Score("score", "low")
KEPT = Verdict(rejected=False, objections=())


def trials(values):
    return [Trial(str(n), str(n), 0.0, {"score": v}, KEPT, 0.0) for n, v in enumerate(values)]


@pytest.fixture
def axes():
    """The axes of a picture of three strengths with the same scores."""

    def drawn(draw):
        figure = Figure()
        same = trials([0.1, 0.5, 0.9])
        draw(figure, "noisy", SCORE, same, {"0dB": same, "10dB": same})
        figure.draw_without_rendering()
        return figure.axes[0]

    return drawn


def test_no_bar_of_a_histogram_hides_another(axes):
    bars = [bar for bar in axes(drawing._histogram).patches if bar.get_height() > 0]
    assert len(bars) == 9
    spans = sorted((bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars)
    assert all(end <= start + 1e-9 for (_, end), (start, _) in pairwise(spans))


def test_trials_are_counted_in_whole_numbers(axes):
    ticks = axes(drawing._histogram).get_yticks()
    assert np.array_equal(ticks, np.round(ticks))


def test_the_axes_of_a_roc_curve_say_shares_of_what(axes):
    found = axes(drawing._roc)
    assert found.get_xlabel() == "share of clean clips called damaged"
    assert found.get_ylabel() == "share of damaged clips found"


def test_curves_have_their_units():
    columns = {"sync_offset_s": 0.4, "sync_confidence": 0.9, "duration_s": 3.0}
    figure, trial = Figure(), Trial("a", "a", 0.4, columns, KEPT, 0.0)
    curves._curves(figure, flash_and_beep([1, 2], offset_s=0.4, seconds=3), trial, "a.mp4")
    labels = [axes.get_ylabel().replace("\n", " ") for axes in figure.axes]
    assert labels == ["motion (% of full scale)", "onsets (dB)", "onsets, moved back (dB)"]
    assert figure.axes[-1].get_xlabel() == "time (s)"
