"""What no edit may do."""

import numpy as np
import pytest

from acav1m.agent.actions.spectral_gating import SpectralGating
from acav1m.agent.actions.speed import Speed
from acav1m.agent.actions.volume import Volume
from acav1m.agent.actions.wiener import Wiener
from acav1m.agent.bench_signals import speech
from acav1m.agent.faults import grades
from acav1m.agent.guards import refusal
from acav1m.agent.settings import Settings
from acav1m.agent.transform import Transform
from acav1m.errors import AcavError
from acav1m.synth import level, scene

RATE_HZ = 16_000
SETTINGS = Settings()


@pytest.fixture(scope="module")
def voice():
    return speech(np.random.default_rng(5), 5, RATE_HZ)


def said(original, transform: Transform, settings: Settings = SETTINGS, edited=None):
    sound = transform.replay(original, RATE_HZ) if edited is None else edited
    return refusal(original, sound, transform, RATE_HZ, settings)


def test_what_mends_a_sound_is_let_pass(voice):
    rng = np.random.default_rng(1)
    hiss = rng.standard_normal(voice.size)
    noisy = level.over(voice, hiss, 0)
    assert said(noisy, Transform.of(Wiener())) is None
    assert said(noisy, Transform.of(Wiener(), Speed(start_s=1.5))) is None
    assert said(voice, Transform.of(Volume(target_lufs=-30))) is None
    assert said(0.02 * voice, Transform.of(Volume(target_lufs=-16))) is None
    assert said(voice, Transform.of(Speed(factor=1.25, start_s=-0.5))) is None


@pytest.mark.parametrize("event", scene.events())
def test_sounds_of_every_event_may_be_moved(event):
    sound = scene.heard(event, 31, 5.0, RATE_HZ)
    for start_s in (-1, -0.5, 0.25, 1):
        assert said(sound, Transform.of(Speed(start_s=start_s))) is None


@pytest.mark.parametrize(
    ("transform", "why"),
    [
        (Transform.of(Speed(start_s=5)), "leaves 100% of the clip silent"),
        (Transform.of(Speed(start_s=-2.5)), "leaves 50% of the clip silent"),
        (Transform.of(Speed(factor=2)), "leaves 50% of the clip silent"),
        (Transform.of(Speed(factor=0.5)), "drops 50% of the sound"),
        (Transform.of(Speed(start_s=1.5), Speed(start_s=-1.5), Speed(start_s=-1)), "leaves 50%"),
        (Transform.of(Volume(target_lufs=-50)), "mutes the sound: -50 LUFS"),
    ],
)
def test_what_shortens_or_mutes_is_refused(voice, transform, why):
    assert why in said(voice, transform)


def test_the_strongest_gate_mutes_steady_sounds():
    gate = Transform.of(SpectralGating(threshold=5, reduction_db=60))
    assert "it mutes" in said(scene.heard("rain", 31, 5.0, RATE_HZ), gate)


def test_a_target_may_be_far_below_the_sound(voice):
    loud = Transform.of(Volume(target_lufs=-9)).replay(voice, RATE_HZ)
    down = Transform.of(Volume(target_lufs=-32))
    assert "it mutes" in said(loud, down)
    assert said(loud, down, Settings(target_lufs=-32)) is None


def test_what_was_soft_may_get_as_soft_as_the_rest(voice):
    loud = Transform.of(Volume(target_lufs=-9)).replay(voice, RATE_HZ)
    loud[3 * RATE_HZ :] = 0
    loud[4 * RATE_HZ : 4 * RATE_HZ + 8000] = 0.006 * np.sin(np.arange(8000) / 5)
    down = Transform.of(Volume(target_lufs=-38))
    assert said(loud, down, Settings(target_lufs=-38)) is None


def test_a_second_may_not_fall_silent(voice):
    edited = voice.copy()
    edited[2 * RATE_HZ : 3 * RATE_HZ] = 0
    edited_beyond = np.where(np.abs(np.arange(voice.size) / RATE_HZ - 2.5) < 0.7, 0, voice)
    assert said(voice, Transform(), edited=edited_beyond.astype(np.float32)) == (
        "it mutes the second from 2 s on"
    )
    moved = Transform.of(Speed(start_s=0.4))
    assert said(voice, moved) is None
    gone = moved.replay(edited_beyond.astype(np.float32), RATE_HZ)
    assert "from 2 s on" in said(voice, moved, edited=gone)


def test_silence_that_stays_is_no_muting():
    silence = np.zeros(RATE_HZ, np.float32)
    assert said(silence, Transform(), edited=silence) is None
    blip = silence.copy()
    blip[:2000] = 0.1
    assert said(blip, Transform(), edited=silence) == "it mutes the sound"
    assert said(np.zeros(0, np.float32), Transform()) is None


def test_what_clips_has_odd_samples_or_another_length_is_refused(voice):
    clipped = np.clip(8 * voice, -1, 1)
    assert "it clips: " in said(voice, Transform(), edited=clipped)
    assert said(clipped, Transform(), edited=clipped) is None
    odd = voice.copy()
    odd[3] = np.nan
    assert said(voice, Transform(), edited=odd) == "it gives samples that are no numbers"
    assert "of 80000" in said(voice, Transform(), edited=voice[:-1])


@pytest.mark.parametrize("event", ["hammer", "rain"])
def test_the_cure_of_faults_of_every_grade_is_let_pass(event):
    truth = scene.render(event, 777)
    target = Settings(target_lufs=-23)
    for fault, *_ in grades().values():
        try:
            damaged, cure = fault.plant(truth, 5), fault.undo(truth)
        except AcavError:
            continue  # this sound has no room for the fault
        assert said(damaged.audio, Transform.of(*cure.acts()), target) is None, fault.name
