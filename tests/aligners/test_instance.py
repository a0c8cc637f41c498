"""Whether sound and picture show the same thing."""

import numpy as np

from acav1m.aligners.instance import Instance
from acav1m.models import embedded
from acav1m.synth import scene
from acav1m.testing import from_arrays, silence

SEED = 2**31 + 5


def test_own_sound_matches_and_anothers_does_not(score) -> None:
    bell, engine = (scene.render(event, SEED, seconds=3.0) for event in ("bell", "engine"))
    own = score(Instance(), from_arrays(bell.frames, 25, bell.audio))
    other = score(Instance(), from_arrays(bell.frames, 25, engine.audio))

    assert set(own) == set(Instance.columns())
    assert own["instance_score"] > 0.5 > other["instance_score"]
    assert own["instance_score_raw"] > other["instance_score_raw"]


def test_the_raw_score_is_the_cosine() -> None:
    bell = scene.render("bell", SEED, seconds=2.0)
    clip = from_arrays(bell.frames, 25, bell.audio)
    model, found = embedded.load(), Instance().measure(clip)
    cosine = float(np.dot(model.encode_audio(clip).clip, model.encode_video(clip).clip))

    assert found == {"instance_score_raw": cosine}


def test_silence_is_null() -> None:
    assert Instance().measure(silence(2)) == {"instance_score_raw": None}


def test_the_weights_are_part_of_the_identity() -> None:
    assert Instance().identity()["weights"] == embedded.checksum()
