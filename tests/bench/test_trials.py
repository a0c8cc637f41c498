"""What a worker does with a clip."""

from typing import ClassVar

import numpy as np
import pytest

from acav1m.bench.looking import Look
from acav1m.bench.trials import Trials
from acav1m.errors import ClipError
from acav1m.steps import Measure

pytestmark = pytest.mark.slow

ROW = {"key": "bell-0", "video": "bell-0", "event": "bell", "seed": 3, "seconds": 3.0}


class Late(Measure):
    """Takes every clip's sound for late, and is sure."""

    adds: ClassVar = {"sync_offset_s": float, "sync_confidence": float}

    def measure(self, clip):
        return {"sync_offset_s": 0.5, "sync_confidence": 1.0}


def tried(step):
    job = Trials({}, min_confidence=0.9)
    job.backends = {"one": [Look("measures.one", step)]}
    return job.run(ROW, lambda: None)


def test_whatever_was_planted_is_offered_to_realigning_where_the_offset_is_sure():
    rows = [row for row in tried(Late()) if "columns" in row]
    moved = {row["defect"] for row in rows if row["moved"]["one"]["duration_s"] == 2.5}
    assert moved == {row["defect"] for row in rows}
    assert {"clean", "noisy", "drift", "dubbed", "swapped", "shifted"} <= moved


class Loud(Measure):
    """Cannot measure what is silent for a fifth of its length."""

    adds: ClassVar = {"loud": float}

    def measure(self, clip):
        if np.percentile(np.abs(clip.audio()), 20) == 0:
            raise ClipError("silent", "nothing is heard")
        return {"loud": 1.0}


def test_a_trial_that_cannot_be_measured_is_left_out_with_the_reason():
    rows = tried(Loud())
    [muted] = [row for row in rows if row["defect"] == "muted"]
    assert muted["left_out"] == "silent: nothing is heard"
    assert "columns" not in muted
    assert all(row["columns"]["one"] == {"loud": 1.0} for row in rows if "left_out" not in row)


class Deaf(Measure):
    """Cannot measure anything."""

    adds: ClassVar = {"loud": float}

    def measure(self, clip):
        raise ClipError("deaf", "hears nothing")


def test_a_clip_that_cannot_be_measured_clean_is_left_out_whole():
    assert tried(Deaf()) == [{"key": "bell-0", "lost": "deaf: hears nothing"}]


class Brittle(Late):
    """Cannot measure clips that were moved."""

    def measure(self, clip):
        if len(clip.audio()) < 3 * 16_000:
            raise ClipError("short", "too short")
        return super().measure(clip)


def test_what_cannot_be_measured_once_moved_stays_where_it_is():
    rows = [row for row in tried(Brittle()) if "left_out" not in row]
    assert all(row["moved"] == {} and row["columns"] for row in rows)
