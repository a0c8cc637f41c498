"""The second opinion: right on sounds it never heard, and on nothing but what they are."""

import json

import numpy as np
import pytest

from acav1m.bench.agent.judge import Judge
from acav1m.synth import level, noise, scene

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def judge():
    return Judge.fitted(3, takes=4)


@pytest.fixture(scope="module")
def sounds():
    return [(event, scene.heard(event, 90_001, 5.0, 16_000)) for event in scene.events()]


def mean(judge, sounds):
    return np.mean([judge.probability(sound, event) for event, sound in sounds])


def test_it_knows_sounds_of_other_seeds(judge, sounds):
    right = [
        max(judge.events, key=lambda one: judge.probability(sound, one)) == event
        for event, sound in sounds
    ]
    assert np.mean(right) > 0.8
    assert mean(judge, sounds) > 0.7


def test_noise_makes_it_unsure_and_more_noise_more_so(judge, sounds):
    rng = np.random.default_rng(0)
    white = noise.coloured(rng, 80_000, 16_000, "white")
    by_snr = [
        mean(judge, [(event, level.over(sound, white, snr_db)) for event, sound in sounds])
        for snr_db in (0, 10, 20)
    ]
    assert by_snr[0] < by_snr[1] < by_snr[2] < mean(judge, sounds)


def test_neither_gain_nor_silence_at_an_end_makes_it_another_sound(judge, sounds):
    quieter = [(event, sound / 8) for event, sound in sounds]
    later = [(event, np.pad(sound, (8_000, 0))[:80_000]) for event, sound in sounds]
    assert mean(judge, quieter) == pytest.approx(mean(judge, sounds), abs=1e-3)
    assert mean(judge, later) == pytest.approx(mean(judge, sounds), abs=0.05)


def test_probabilities_add_up_and_silence_has_none(judge, sounds):
    [(_, sound)] = sounds[:1]
    assert sum(judge.probability(sound, one) for one in judge.events) == pytest.approx(1)
    assert judge.probability(np.zeros(16_000, np.float32), "bell") is None


def test_it_travels_as_json(judge, sounds):
    other = Judge.made(json.loads(json.dumps(judge.spec())))
    assert all(other.probability(s, e) == judge.probability(s, e) for e, s in sounds)
