"""The four that take noise away, against the gains they were chosen for."""

import numpy as np
import pytest

from acav1m.agent import action as actions
from acav1m.agent.bench_signals import speech
from acav1m.bench.actions import gains_db, si_sdr_db
from acav1m.synth import level, noise

GAINS_DB = {
    "spectral_subtraction": {"speech": (5.3, 2.1, 8.9, 1.3), "notes": (5.3, 1.8, 7.9)},
    "wiener": {"speech": (5.2, 2.8, 6.4, 0.6), "notes": (8.0, 3.8, 11.5)},
    "wavelet": {"speech": (5.6, 3.8, 8.1, 1.4), "notes": (4.0, 1.8, 5.8)},
    "spectral_gating": {"speech": (3.6, 3.5, 5.8, 1.6), "notes": (3.3, 2.8, 4.9)},
}
"""White, pink, hum, babble: SI-SDR gains that libraries reached when they were compared."""

SLACK_DB = 0.5
NAMED = pytest.mark.parametrize("name", GAINS_DB)


def test_all_that_take_noise_away_are_here():
    noisy = {name for name in actions.names() if actions.load(name).kind == "noise"}
    assert noisy == GAINS_DB.keys()


@pytest.mark.slow
@NAMED
def test_gains_are_as_good_as_the_best_that_was_found(name):
    found = gains_db(actions.load(name)(), seed=1000)
    for signal, least in GAINS_DB[name].items():
        kinds = zip(noise.KINDS, least, strict=False)
        short = {k: found[signal][k] - db for k, db in kinds if found[signal][k] < db - SLACK_DB}
        assert short == {}, signal


@NAMED
def test_two_seconds_gain_too(name):
    rng = np.random.default_rng(5)
    true = np.zeros(32_000, np.float32)
    true[12_000:20_000] = np.sin(np.arange(8000) * 0.3) * np.hanning(8000)
    noisy = level.over(true, rng.standard_normal(true.size), 5)
    edited = actions.load(name)().apply(noisy, 16_000)
    assert si_sdr_db(edited, true) > si_sdr_db(noisy, true) + 6


@NAMED
def test_nothing_is_late(name):
    """A filter that delays would pass for one that harms: it shows as a shift of the best fit."""
    rng = np.random.default_rng(6)
    true = np.zeros(32_000, np.float32)
    true[16_000:16_800] = rng.standard_normal(800) * np.hanning(800)
    edited = actions.load(name)().apply(level.over(true, rng.standard_normal(32_000), 10), 16_000)
    fits = np.correlate(edited, true[15_900:16_900], "valid")
    assert int(np.argmax(fits)) == 15_900


def test_digital_silence_is_no_estimate_of_the_noise():
    """A muted fifth once made the noise look like nothing, and nothing was taken away."""
    rng = np.random.default_rng(8)
    noisy = (0.1 * rng.standard_normal(48_000)).astype(np.float32)
    noisy[:16_000] = 0
    for name in GAINS_DB:
        edited = actions.load(name)().apply(noisy, 16_000)
        assert level.rms(edited[20_000:]) < 0.5 * level.rms(noisy[20_000:]), name


@NAMED
@pytest.mark.parametrize("silent", [slice(0, 1024), slice(30_000, 33_200), slice(-8000, None)])
def test_digital_silence_costs_little_of_the_gain(name, silent):
    """Coded sound begins with some, and sound that was moved begins or ends with it."""
    rng = np.random.default_rng(9)
    true = speech(rng, 5, 16_000)
    noisy = level.over(true, rng.standard_normal(true.size), 5)
    gain_db = si_sdr_db(actions.load(name)().apply(noisy, 16_000), true) - si_sdr_db(noisy, true)
    true[silent] = noisy[silent] = 0
    edited = actions.load(name)().apply(noisy, 16_000)
    assert si_sdr_db(edited, true) - si_sdr_db(noisy, true) > gain_db - 1
