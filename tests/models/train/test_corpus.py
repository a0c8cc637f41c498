"""Examples hold what the model will see in use."""

import numpy as np

from acav1m.models import features
from acav1m.models.train import corpus
from acav1m.synth import scene
from acav1m.testing import from_arrays


def test_training_sees_the_features_of_use(examples) -> None:
    seed = int(np.random.default_rng([0, 2]).integers(2**31))
    rendered = scene.render(scene.events()[2], seed, seconds=corpus.SECONDS)
    clip = from_arrays(rendered.frames, rendered.fps, rendered.audio, rendered.rate_hz)

    assert np.array_equal(examples[2].pictures, features.clip_pictures(clip))
    assert np.array_equal(examples[2].mel, features.clip_mel(clip).astype(np.float16))


def test_music_has_the_shape_of_an_example(examples) -> None:
    (tune,) = corpus.tunes(1, seed=0)

    assert tune.shape == examples[0].mel.shape
    assert tune.max() > 0


def test_sentences_are_grouped_by_event(examples) -> None:
    said = corpus.sentences(examples)

    assert said[scene.events()[0]]["visual"] == [examples[0].visual_caption]
    assert said[scene.events()[-1]] == {"audio": [], "visual": [], "both": []}
