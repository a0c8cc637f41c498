"""Faults are what they say, keep the sound's length, and are undone by the plan they name."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from acav1m.agent.faults import Fault, grades
from acav1m.agent.faults.blanks import Blanks
from acav1m.agent.faults.drift import Drift
from acav1m.agent.faults.gain import Gain
from acav1m.agent.faults.noisy import Noisy
from acav1m.agent.faults.offset import Offset
from acav1m.agent.faults.pitch import Pitch
from acav1m.agent.transform import Transform
from acav1m.bench.actions import si_sdr_db
from acav1m.clip import Clip
from acav1m.errors import AcavError
from acav1m.measures.loudness import integrated_lufs
from acav1m.synth import level, scene
from acav1m.synth.recorded import Recorded, Recording
from acav1m.synth.scene import Rendered
from acav1m.testing import flash_and_beep, sine

ALL = [fault for faults in grades().values() for fault in faults]


@cache
def clean(event: str = "speech") -> Rendered:
    return scene.render(event, 31, seconds=3.0)


def quiet() -> Rendered:
    """With room to be turned up by 12 dB."""
    return replace(clean(), audio=0.2 * clean().audio / np.abs(clean().audio).max())


def mended(fault: Fault, truth: Rendered) -> np.ndarray:
    planted = fault.plant(truth, 5)
    acts = fault.undo(truth).acts()
    return Transform.of(*acts).replay(planted.audio, truth.rate_hz)


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_a_fault_damages_sound_alone_and_the_same_seed_gives_the_same_bytes(fault: Fault) -> None:
    truth = quiet() if isinstance(fault, Gain) else clean()
    one, again = fault.plant(truth, 5), fault.plant(truth, 5)
    assert one.audio.shape == truth.audio.shape
    assert one.audio.dtype == np.float32
    assert np.abs(one.audio).max() <= 1
    assert one.audio.tobytes() == again.audio.tobytes() != truth.audio.tobytes()
    assert one.frames is truth.frames
    assert fault.undo(truth).acts()


def test_grades_have_a_name_each() -> None:
    assert len({fault.name for fault in ALL}) == len(ALL)


@pytest.mark.parametrize("kind", ["white", "pink", "hum", "babble"])
def test_noise_stands_where_it_was_asked_and_its_filter_gains(kind: str) -> None:
    truth, fault = clean(), Noisy(kind=kind, snr_db=5)
    noisy = fault.plant(truth, 5).audio
    assert si_sdr_db(noisy, truth.audio) == pytest.approx(5, abs=0.5)
    assert si_sdr_db(mended(fault, truth), truth.audio) > 6


@pytest.mark.parametrize("late_s", [-0.5, 0.25])
def test_an_offset_is_undone_to_the_sample(late_s: float) -> None:
    truth = clean()
    heard, edge = mended(Offset(offset_s=late_s), truth), round(abs(late_s) * truth.rate_hz)
    np.testing.assert_array_equal(heard[edge:-edge], truth.audio[edge:-edge])


@pytest.mark.parametrize("speed", [0.92, 1.08])
def test_a_drift_is_undone_in_time(speed: float) -> None:
    truth = clean("drum")
    before, after = Drift(speed=speed).plant(truth, 5).audio, mended(Drift(speed=speed), truth)
    assert _lag_s(before, truth) > 0.1
    assert _lag_s(after, truth) < 0.03


@pytest.mark.parametrize("gain_db", [-12, 6])
def test_a_gain_moves_loudness_and_is_undone(gain_db: float) -> None:
    truth = quiet()
    fault = Gain(gain_db=gain_db)
    told = [integrated_lufs(x[None], truth.rate_hz) for x in (truth.audio, mended(fault, truth))]
    moved = fault.plant(truth, 5).audio
    assert level.rms(moved) / level.rms(truth.audio) == pytest.approx(level.gain(gain_db), rel=1e-3)
    assert told[0] == pytest.approx(told[1], abs=0.1)


def test_what_has_no_room_cannot_be_turned_up() -> None:
    truth = clean()
    full = replace(truth, audio=truth.audio / np.abs(truth.audio).max())
    with pytest.raises(AcavError, match="room"):
        Gain(gain_db=6).plant(full, 5)


@pytest.mark.parametrize("blank_ms", [5, 50, 300])
def test_blanks_are_as_many_and_as_long_as_asked(blank_ms: float) -> None:
    holes = _holes_ms(Blanks(blank_ms=blank_ms, count=3).plant(clean(), 5).audio)
    assert holes == pytest.approx([blank_ms] * 3, abs=1)


def test_blanks_of_all_events_are_heard_and_most_are_filled() -> None:
    """Those that begin in a sound that dies away look like a pause, and are left alone."""
    planted = left = 0
    for event in scene.events():
        fault, truth = Blanks(blank_ms=40), clean(event)
        planted += len(_holes_ms(fault.plant(truth, 5).audio))
        left += len(_holes_ms(mended(fault, truth)))
    assert planted >= 3 * len(scene.events())
    assert left <= 0.25 * planted


def test_silence_has_no_place_for_blanks() -> None:
    truth = clean()
    silent = replace(truth, audio=np.zeros_like(truth.audio))
    with pytest.raises(AcavError, match="audible"):
        Blanks(blank_ms=20).plant(silent, 5)


@pytest.mark.parametrize("semitones", [-7, -2, 4])
def test_pitch_moves_by_so_many_semitones_and_back(semitones: float) -> None:
    truth = replace(clean(), audio=sine(3.0, hz=440))
    fault = Pitch(semitones=semitones)
    assert _cents(fault.plant(truth, 5).audio) == pytest.approx(100 * semitones, abs=5)
    assert _cents(mended(fault, truth)) == pytest.approx(0, abs=10)


def test_pitch_keeps_the_time() -> None:
    truth = clean("drum")
    assert _lag_s(Pitch(semitones=-4).plant(truth, 5).audio, truth) < 0.03


def test_recorded_clips_take_faults_of_their_own_sound() -> None:
    clip = flash_and_beep([1, 2, 3])
    stock = Recorded([Recording(Clip(clip.mp4.with_suffix("")), "video")])
    truth = stock.take(clip)
    late = Offset(offset_s=0.5).plant(truth, 5, stock=stock)
    half_s = truth.rate_hz // 2
    np.testing.assert_array_equal(late.audio[half_s:], truth.audio[:-half_s])


def test_a_misspelt_strength_is_refused() -> None:
    with pytest.raises(ValueError, match=re.escape("snr")):
        Noisy(kind="white", snr=5)


def _holes_ms(audio: np.ndarray) -> list[float]:
    edges = np.flatnonzero(np.diff(audio == 0, prepend=False, append=False)).reshape(-1, 2)
    return [(end - start) / 16 for start, end in edges if end - start > 32]


def _cents(audio: np.ndarray) -> float:
    middle = audio[8000:-8000] * np.hanning(len(audio) - 16000)
    spectrum = np.abs(np.fft.rfft(middle, 2**20))
    return float(1200 * np.log2(spectrum.argmax() * 16000 / 2**20 / 440))


def _lag_s(audio: np.ndarray, truth: Rendered) -> float:
    """How far the last second's onsets are from where they belong."""
    rises = [np.maximum(np.diff(_levels(x[-truth.rate_hz :])), 0) for x in (audio, truth.audio)]
    meets = np.correlate(*rises, mode="full")
    return abs(int(meets.argmax()) - (len(rises[1]) - 1)) * 0.005


def _levels(audio: np.ndarray) -> np.ndarray:
    return np.array([level.rms(block) for block in np.array_split(audio, 200)])
