"""A few rendered clips, and a model that was trained on them for three steps."""

from typing import TYPE_CHECKING

import pytest

from acav1m.synth import scene

if TYPE_CHECKING:
    from acav1m.models.train.corpus import Corpus, Example
    from acav1m.models.train.network import Embedded
    from acav1m.models.train.timing import Timing


@pytest.fixture(scope="session")
def made() -> "Corpus":
    from acav1m.models.train import corpus

    return corpus.corpus(4, 2, seed=0)


@pytest.fixture(scope="session")
def examples(made: "Corpus") -> "list[Example]":
    """The clips of known events that are not wild."""
    return made.examples[:4]


@pytest.fixture(scope="session")
def timing(made: "Corpus") -> "Timing":
    pytest.importorskip("torch")
    from acav1m.models.train.fit_timing import fit_timing

    return fit_timing(made.takes, steps=3, seed=0)[0]


@pytest.fixture(scope="session")
def model(examples: "list[Example]") -> "Embedded":
    pytest.importorskip("torch")
    from acav1m.models.train import corpus, fit

    tunes = corpus.tunes(2, seed=0)
    return fit.fit(examples, tunes, events=len(scene.events()), steps=3, seed=0)[0]
