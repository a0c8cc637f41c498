"""Batches of crops."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from acav1m.models.train import batch, corpus  # noqa: E402


def test_a_batch_holds_crops_that_are_nearly_in_step(examples) -> None:
    drawn = next(batch.batches(examples, 4, 1, np.random.default_rng(0)))

    assert drawn.mel.shape == (4, 400, 64)
    assert drawn.images.shape == (4, 50, 64, 64, 3)
    assert 0 <= drawn.images.min() <= drawn.images.max() <= 255


def test_every_clip_comes_before_any_comes_again(examples) -> None:
    drawn = list(batch.batches(examples, 2, 4, np.random.default_rng(0)))
    events = [one.event.tolist() for one in drawn]

    assert sorted(events[0] + events[1]) == sorted(events[2] + events[3]) == [0, 1, 2, 3]


def test_nothing_has_the_shapes_of_a_batch(examples) -> None:
    rng = np.random.default_rng(0)
    drawn = next(batch.batches(examples, 4, 1, rng))
    mel, images = batch.nothing(drawn, 3, corpus.tunes(2, seed=0), rng)

    assert mel.shape == (3, *drawn.mel.shape[1:])
    assert images.shape == (3, *drawn.images.shape[1:])
