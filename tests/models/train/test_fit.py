"""Training is reproducible and learns."""

import pytest

torch = pytest.importorskip("torch")

from acav1m.models.train import corpus, fit  # noqa: E402
from acav1m.synth import scene  # noqa: E402


def test_the_same_seed_gives_the_same_weights(examples, model) -> None:
    tunes = corpus.tunes(2, seed=0)
    again, _ = fit.fit(examples, tunes, events=len(scene.events()), steps=3, seed=0)
    weights = again.state_dict()

    assert all(torch.equal(value, weights[name]) for name, value in model.state_dict().items())


def test_training_lowers_the_loss(examples) -> None:
    tunes = corpus.tunes(2, seed=0)
    _, curve = fit.fit(examples, tunes, events=len(scene.events()), steps=5, seed=0)

    assert curve[-1] < curve[0]


def test_a_curve_is_thinned_to_means() -> None:
    assert fit.curve([1.0, 3.0, 5.0, 7.0], points=2) == [2.0, 6.0]
