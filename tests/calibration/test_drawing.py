"""Every label of a picture is beside its own axes, whole."""

import matplotlib
import numpy as np

from acav1m.calibration import drawing
from acav1m.calibration.fit import Pairs
from acav1m.calibration.map import Calibration
from acav1m.calibration.outcome import Question, conclude
from acav1m.recipe import Calibration as Settings


def test_no_label_is_longer_than_its_axis() -> None:
    raw = np.concatenate([np.random.default_rng(0).normal(mean, 1, 60) for mean in (2, 0)])
    pairs = Pairs(raw, np.repeat([True, False], 60), np.tile(np.arange(60), 2))
    asked = Question("score", "score_raw", "aligners.one", "other", Calibration(1.0, 0.0))
    found = conclude(asked, pairs, {}, Settings()).json()
    with matplotlib.rc_context(drawing.STYLE):
        figure = drawing.drawn("score", found)
        figure.canvas.draw()
        for axes in figure.axes:
            frame = axes.get_window_extent()
            assert axes.yaxis.label.get_window_extent().height <= frame.height
            assert axes.xaxis.label.get_window_extent().width <= frame.width
