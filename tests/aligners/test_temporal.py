"""Whether sound and picture happen at the same time, and by how much not."""

import pytest

from acav1m.aligners.temporal import Temporal
from acav1m.models import embedded
from acav1m.models.timing import onset_motion
from acav1m.synth import scene
from acav1m.synth.plant import plant
from acav1m.testing import flash_and_beep, from_arrays, silence, tone

SEED = 2**31 + 13
MODELS = ("embedded", "onset-motion")


def filmed(rendered):
    return from_arrays(rendered.frames, rendered.fps, rendered.audio)


@pytest.mark.parametrize("model", MODELS)
def test_there_is_one_score_per_second(score, model) -> None:
    found = score(Temporal(model=model), filmed(scene.render("ball", SEED, seconds=4.0)))

    assert set(found) == set(Temporal.columns())
    assert len(found["temporal_scores"]) == 4
    assert all(0 <= one <= 1 for one in found["temporal_scores"])
    assert found["temporal_scored_share"] == 1


@pytest.mark.parametrize("offset_s", [-1.5, 0.3])
def test_the_offset_of_shifted_sound_is_found(score, offset_s) -> None:
    drum = scene.render("drum", SEED, seconds=5.0)
    shifted = plant(drum, "shifted", 0, offset_s=offset_s)
    swapped = plant(drum, "swapped", 1, other_event="bird", other_seed=3)
    own, other, foreign = (score(Temporal(), filmed(clip)) for clip in (drum, shifted, swapped))

    assert own["temporal_score"] > 0.5 > other["temporal_score"]
    assert own["temporal_score_raw"] > other["temporal_score_raw"]
    assert own["sync_offset_s"] == pytest.approx(0, abs=0.06)
    assert other["sync_offset_s"] == pytest.approx(offset_s, abs=0.06)
    assert other["visible_event_score"] > foreign["visible_event_score"], "of this very picture"


@pytest.mark.parametrize("offset_s", [-1.2, 0.0, 0.56, 2.4])
def test_flashes_and_beeps_need_no_learning(offset_s) -> None:
    clip = flash_and_beep([1, 1.7, 3.1, 4.4], offset_s=offset_s, seconds=6)
    found = Temporal(model="onset-motion").measure(clip)

    assert found["sync_offset_s"] == pytest.approx(offset_s, abs=0.06)
    assert found["sync_confidence"] > 0.5


def test_sound_of_something_else_is_not_seen(score) -> None:
    shown = scene.render("hammer", SEED, seconds=5.0)
    swapped = plant(shown, "swapped", 1, other_event="bird", other_seed=3)
    own, other = (score(Temporal(), filmed(clip)) for clip in (shown, swapped))

    assert own["visible_event_score"] > 0.5 > other["visible_event_score"]


@pytest.mark.parametrize("clip", [silence(3), tone(3)], ids=["silent", "still"])
@pytest.mark.parametrize("model", MODELS)
def test_without_evidence_nothing_is_known(clip, model) -> None:
    found = Temporal(model=model).measure(clip)
    known = {name: value for name, value in found.items() if value is not None}

    assert set(found) == set(Temporal.adds)
    assert known == {
        "temporal_scores_raw": [None, None, None],
        "temporal_scored_share": 0.0,
        "sync_events": 0,
    }


def test_seconds_without_evidence_have_no_score() -> None:
    found = Temporal().measure(flash_and_beep([0.2, 0.5], seconds=4))

    assert [x is None for x in found["temporal_scores_raw"]] == [False, True, True, True]
    assert found["temporal_scored_share"] == 0.25
    assert found["sync_events"] == 2


def test_the_weights_are_part_of_the_identity() -> None:
    assert Temporal().identity()["weights"] == embedded.checksum()
    assert Temporal(model="onset-motion").identity()["weights"] == onset_motion.checksum()
