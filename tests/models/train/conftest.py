"""A few rendered clips, and a model that was trained on them for three steps."""

from typing import TYPE_CHECKING

import pytest

from acav1m.synth import scene

if TYPE_CHECKING:
    from acav1m.models.train.corpus import Example
    from acav1m.models.train.network import Embedded


@pytest.fixture(scope="session")
def examples() -> "list[Example]":
    from acav1m.models.train import corpus

    return corpus.examples(4, seed=0)


@pytest.fixture(scope="session")
def model(examples: "list[Example]") -> "Embedded":
    pytest.importorskip("torch")
    from acav1m.models.train import corpus, fit

    tunes = corpus.tunes(2, seed=0)
    return fit.fit(examples, tunes, events=len(scene.events()), steps=3, seed=0)[0]
