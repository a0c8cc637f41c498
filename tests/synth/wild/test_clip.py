import hashlib

import numpy as np
import pytest

from acav1m.synth import scene
from acav1m.synth.wild import clip
from acav1m.synth.wild.clip import wild


def fingerprint(made):
    return hashlib.sha256(made.frames.tobytes() + made.audio.tobytes()).hexdigest()


@pytest.mark.parametrize("seed", range(6))
def test_same_seed_same_bytes_other_seed_other_clip(seed):
    first, again, other = (wild(s, seconds=1.0) for s in (seed, seed, seed + 1000))
    assert fingerprint(first) == fingerprint(again)
    assert first.event_times_s == again.event_times_s
    assert fingerprint(first) != fingerprint(other)


@pytest.mark.parametrize("seed", range(20))
def test_shapes_and_ranges_hold(seed):
    made = wild(seed, seconds=1.5, fps=20, width=64, height=48)
    assert made.frames.shape == (30, 48, 64, 3)
    assert made.frames.dtype == np.uint8
    assert made.audio.shape == (24_000,)
    assert made.audio.dtype == np.float32
    assert 0.01 < np.abs(made.audio).max() <= 1
    assert made.seconds == 1.5
    assert all(0 <= t < 1.5 for t in made.event_times_s)
    assert list(made.event_times_s) == sorted(made.event_times_s)
    assert made.frames.std() > 1


def test_a_share_shows_labelled_events_with_captions_and_the_others_have_neither():
    made = [wild(seed, seconds=0.4, width=32, height=24) for seed in range(80)]
    known = [one for one in made if one.event is not None]
    assert 0.15 < len(known) / len(made) < 0.45
    assert all(one.event in scene.events() and one.captions is not None for one in known)
    assert all(one.captions is None for one in made if one.event is None)
    assert {one.fps for one in made} == set(clip.RATES_FPS)
    assert {one.impulsive for one in made} == {True, False}


def test_clips_differ_in_light_colour_and_loudness():
    made = [wild(seed, seconds=0.4, width=32, height=24) for seed in range(40)]
    light = [one.frames.mean() for one in made]
    colour = [np.ptp(one.frames.astype(int), axis=-1).mean() for one in made]
    loud = [np.abs(one.audio).max() for one in made]
    assert np.ptp(light) > 60
    assert min(colour) < 5
    assert max(colour) > 60
    assert max(loud) / min(loud) > 2
