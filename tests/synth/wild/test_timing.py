"""What is heard and what is seen happen when the rhythm says so, whoever performs it."""

import numpy as np
import pytest

from acav1m.synth.rhythm import Rhythm
from acav1m.synth.wild import act, curve, face, mic, performer, timbre
from acav1m.synth.wild.act import Act
from acav1m.synth.wild.beat import beats
from acav1m.synth.wild.film import Film
from acav1m.synth.wild.part import Pose
from acav1m.synth.wild.stage import Stage

RATE_HZ = 16_000
FPS = 25
HITS = (0.7, 1.64, 2.9)
RHYTHM = Rhythm((-30.0, *HITS, 33.0), (0.0, 0.9, 0.8, 1.0, 0.0))
SHARP = sorted({*curve.SHARP}, key=lambda function: function.__name__)


def onset_s(samples, floor=0.1):
    """When a sound first rises above a share of its peak."""
    return float(np.argmax(np.abs(samples) > floor * np.abs(samples).max()) / RATE_HZ)


def changes(values):
    """How much the speed of something changes from one picture to the next."""
    return np.abs(np.diff(values, prepend=values[0]))


def near(hit_s, count, frames=1):
    """Pictures at most so many away from a hit."""
    middle = round(hit_s * FPS)
    return slice(max(middle - frames, 0), min(middle + frames + 2, count))


@pytest.mark.parametrize("make", timbre.KINDS, ids=lambda make: make.__name__)
def test_grains_begin_at_once(make):
    for seed in range(12):
        assert onset_s(make(np.random.default_rng(seed), RATE_HZ)) < 0.01


def test_hits_are_heard_within_10_ms_of_their_times_and_silence_comes_before():
    times_s = np.arange(4 * RATE_HZ) / RATE_HZ
    for seed in range(30):
        rng = np.random.default_rng(seed)
        dry = act.played(Act(RHYTHM, "struck", curve.flare(rng)), rng, times_s, RATE_HZ)
        first = round(HITS[0] * RATE_HZ)
        assert not dry[: first - 1].any()
        assert onset_s(dry[first - 1 : first + RATE_HZ // 2]) < 0.01


@pytest.mark.parametrize("manner", ["voiced", "rubbed"])
def test_what_lasts_begins_after_its_hit_and_soon(manner):
    times_s = np.arange(4 * RATE_HZ) / RATE_HZ
    for seed in range(8):
        rng = np.random.default_rng(seed)
        drawn = curve.swell(rng) if manner == "voiced" else act.stroke(rng)
        dry = act.played(Act(RHYTHM, manner, drawn), rng, times_s, RATE_HZ)
        start = round((HITS[0] - 0.01) * RATE_HZ)
        assert np.abs(dry[:start]).max() < 0.02 * np.abs(dry).max()
        assert onset_s(dry[start : start + RATE_HZ // 2], floor=0.2) < 0.3


@pytest.mark.parametrize("seed", range(12))
def test_a_microphone_leaves_onsets_on_their_samples(seed):
    rng, dry = np.random.default_rng(seed), np.zeros(2 * RATE_HZ)
    dry[RATE_HZ : RATE_HZ + 3200] = rng.standard_normal(3200) * np.linspace(1, 0, 3200)
    heard = mic.record(rng, dry, RATE_HZ)
    assert heard.dtype == np.float32
    spectra = np.fft.rfft(heard) * np.fft.rfft(dry).conj()
    delay = int(np.fft.irfft(spectra).argmax())
    assert min(delay, len(dry) - delay) < 0.003 * RATE_HZ


@pytest.mark.parametrize("make", SHARP, ids=lambda make: make.__name__)
def test_motion_changes_strongly_within_a_picture_of_every_hit(make):
    times_s = np.arange(4 * FPS) / FPS
    for seed in range(20):
        moved = make(np.random.default_rng(seed))(beats(RHYTHM, times_s))
        change = changes(np.diff(moved, append=moved[-1]))
        for hit_s in HITS:
            assert change[near(hit_s, len(change))].max() > 0.15 * change[2:-2].max()


@pytest.mark.parametrize("layout", performer._LAYOUTS)
def test_pictures_change_most_at_the_hits(layout, monkeypatch):
    """Filmed by a still camera, the stir within 0.12 s of hits exceeds that of other times."""
    monkeypatch.setattr(face, "_head", lambda *given: Pose())  # heads wander, hits or not
    monkeypatch.setattr(performer, "_SHARES", {layout: 1.0, "face": float(layout == "face")})
    times_s = np.arange(4 * FPS)[:, None] / FPS + np.linspace(-0.01, 0.01, 3)
    distance_s = np.abs(times_s[:, 1, None] - HITS).min(axis=1)
    ratios = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        still = np.broadcast_to(((36.0, 0, 48), (0, 36, 36), (0, 0, 1)), (len(times_s), 3, 3))
        film = Film(rng, still, 96, 72)
        drawn = Act(RHYTHM, "struck", curve.flare(rng))
        film.draw(performer.cast(rng, drawn, Stage(times_s, 96 / 72, 1.0)), 3)
        stir = np.abs(np.diff(film.frames.astype(int), axis=0)).mean(axis=(1, 2, 3))
        nearby, far = stir[distance_s[1:] < 0.12], stir[distance_s[1:] > 0.6]
        ratios.append(nearby.mean() / max(far.mean(), 0.01))
    assert np.median(ratios) > 3
