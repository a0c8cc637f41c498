"""Speed and pitch, against the arithmetic: length, onsets, cents."""

import numpy as np
import pytest

from acav1m.agent.actions.pitch import Pitch
from acav1m.agent.actions.speed import Speed

ONSETS_S = (0.5, 1.0, 1.4, 2.2, 2.6)
WITHIN_S = 0.002
RATES = pytest.mark.parametrize("rate_hz", [16_000, 48_000])


def beats(rate_hz: int):
    """Tones that set in at once and die away."""
    times = np.arange(3 * rate_hz) / rate_hz
    track = np.zeros(times.size)
    for onset_s in ONSETS_S:
        age = times - onset_s
        track += (age >= 0) * np.exp(-np.maximum(age, 0) / 0.03) * np.sin(2 * np.pi * 880 * age)
    return (0.5 * track).astype(np.float32)


def hz(sound, rate_hz: int) -> float:
    """The frequency of a lone tone, to well under a cent."""
    middle = sound[sound.size // 4 : -sound.size // 4]
    levels = np.abs(np.fft.rfft(middle * np.hanning(middle.size), 8 * middle.size))
    peak = int(np.argmax(levels))
    left, top, right = np.log(levels[peak - 1 : peak + 2])
    return (peak + (left - right) / (2 * (left - 2 * top + right))) * rate_hz / (8 * middle.size)


def onset_s(sound, rate_hz: int, about_s: float) -> float:
    """Where a decaying tone reaches half its height near a moment, on its way up."""
    start = round((about_s - 0.1) * rate_hz)
    near = np.abs(sound[start : round((about_s + 0.1) * rate_hz)])
    return (start + int(np.argmax(near > 0.5 * near.max()))) / rate_hz


@RATES
@pytest.mark.parametrize("factor", [0.5, 0.8, 1.25, 2.0])
def test_speed_has_its_factor_its_onsets_and_its_pitch(rate_hz, factor):
    sound = beats(rate_hz)
    edited = Speed(factor=factor).apply(sound, rate_hz)
    assert edited.size == sound.size
    assert not edited[round(sound.size / factor) :].any()
    kept = [o for o in ONSETS_S if o / factor < 2.8]
    late = [
        onset_s(edited, rate_hz, o / factor) - onset_s(sound, rate_hz, o) / factor for o in kept
    ]
    assert abs(float(np.median(late))) <= WITHIN_S
    tone = np.sin(2 * np.pi * 440 * np.arange(2 * rate_hz) / rate_hz).astype(np.float32) / 2
    kept = hz(Speed(factor=factor).apply(tone, rate_hz), rate_hz)
    assert abs(1200 * np.log2(kept / 440)) < 2


@RATES
@pytest.mark.parametrize(("semitones", "cents"), [(-12, 8), (-3, 4.5), (4, 4.5), (12, 8)])
def test_pitch_has_its_cents_its_onsets_and_its_length(rate_hz, semitones, cents):
    sound = beats(rate_hz)
    edited = Pitch(semitones=semitones).apply(sound, rate_hz)
    assert edited.size == sound.size
    late = [onset_s(edited, rate_hz, o) - onset_s(sound, rate_hz, o) for o in ONSETS_S]
    assert abs(float(np.median(late))) <= WITHIN_S
    tone = np.sin(2 * np.pi * 440 * np.arange(2 * rate_hz) / rate_hz).astype(np.float32) / 2
    moved = hz(Pitch(semitones=semitones).apply(tone, rate_hz), rate_hz)
    assert abs(1200 * np.log2(moved / 440) - 100 * semitones) < cents


@RATES
@pytest.mark.parametrize("start_s", [-0.75, -0.1, 0.1, 0.75])
def test_speed_begins_where_it_is_asked_to(rate_hz, start_s):
    sound = beats(rate_hz)
    edited = Speed(start_s=start_s).apply(sound, rate_hz)
    first = round(abs(start_s) * rate_hz)
    if start_s < 0:
        assert np.array_equal(edited[first:], sound[:-first])
        assert not edited[:first].any()
    else:
        assert np.array_equal(edited[:-first], sound[first:])
        assert not edited[-first:].any()


@RATES
@pytest.mark.parametrize(("factor", "start_s"), [(1.1, 0.3), (0.9, 0.3), (1.1, -0.3), (0.9, -0.3)])
def test_speed_and_start_are_one_map_of_time(rate_hz, factor, start_s):
    sound = beats(rate_hz)
    edited = Speed(factor=factor, start_s=start_s).apply(sound, rate_hz)
    for at_s in ONSETS_S[1:4]:
        now_s = (at_s - start_s) / factor
        expected_s = (onset_s(sound, rate_hz, at_s) - start_s) / factor
        assert abs(onset_s(edited, rate_hz, now_s) - expected_s) < 0.003


def test_a_start_beyond_the_sound_leaves_silence():
    assert not Speed(start_s=5).apply(beats(16_000), 16_000).any()
    assert not Speed(start_s=-5).apply(beats(16_000), 16_000).any()


def test_no_change_asked_is_no_change():
    sound = beats(16_000)
    assert np.array_equal(Speed().apply(sound, 16_000), sound)
    assert np.array_equal(Pitch().apply(sound, 16_000), sound)
