"""Whether sound and picture happen at the same time."""

import pytest

from acav1m.aligners.temporal import Temporal
from acav1m.models import embedded
from acav1m.synth import scene
from acav1m.synth.plant import plant
from acav1m.testing import flash_and_beep, from_arrays, silence, tone

SEED = 2**31 + 13


def test_there_is_one_score_per_second(score) -> None:
    ball = scene.render("ball", SEED, seconds=4.0)
    found = score(Temporal(), from_arrays(ball.frames, 25, ball.audio))

    assert set(found) == set(Temporal.columns())
    assert len(found["temporal_scores"]) == 4
    assert all(0 <= one <= 1 for one in found["temporal_scores"])
    assert found["temporal_scored_share"] == 1


def test_late_sound_scores_lower(score) -> None:
    drum = scene.render("drum", SEED, seconds=4.0)
    late = plant(drum, "shifted", 0, offset_s=0.3)
    own, other = (score(Temporal(), from_arrays(c.frames, 25, c.audio)) for c in (drum, late))

    assert own["temporal_score"] > 0.5 > other["temporal_score"]
    assert own["temporal_score_raw"] > other["temporal_score_raw"]


@pytest.mark.parametrize("clip", [silence(3), tone(3)], ids=["silent", "still"])
def test_without_evidence_every_second_is_null(clip) -> None:
    assert Temporal().measure(clip) == {
        "temporal_score_raw": None,
        "temporal_scores_raw": [None, None, None],
        "temporal_scored_share": 0.0,
    }


def test_seconds_without_evidence_are_left_out_of_the_mean() -> None:
    found = Temporal().measure(flash_and_beep([0.2, 0.5], seconds=4))
    scores = found["temporal_scores_raw"]

    assert [score is None for score in scores] == [False, True, True, True]
    assert found["temporal_score_raw"] == scores[0]
    assert found["temporal_scored_share"] == 0.25


def test_the_weights_are_part_of_the_identity() -> None:
    assert Temporal().identity()["weights"] == embedded.checksum()
