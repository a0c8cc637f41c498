"""What a worker does with a clip."""

from typing import ClassVar

from acav1m.bench.looking import Look
from acav1m.bench.trials import Trials
from acav1m.steps import Measure

ROW = {"key": "bell-0", "video": "bell-0", "event": "bell", "seed": 3, "seconds": 5.0}


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
    moved = {row["defect"] for row in rows if row["moved"]["one"]["duration_s"] == 4.5}
    assert moved == {row["defect"] for row in rows}
    assert {"clean", "noisy", "drift", "dubbed", "swapped", "shifted"} <= moved
