"""Blanks: what is found, and how near to what was there it is filled."""

import numpy as np
import pytest

from acav1m.agent.actions.fill_blanks import FillBlanks
from acav1m.agent.bench_signals import notes, speech
from acav1m.synth import level

RATE_HZ = 16_000
SNRS_DB = {
    speech: {5: 17.9, 10: 11.3, 20: 6.7, 50: 1.7},
    notes: {5: 65, 20: 32, 50: 13, 100: 10},
}
"""In the blank, by its length in ms: what was reached when methods were compared."""

HEARD = 0.02
"""Pauses have nothing to be filled with; peaks are at 0.5."""

CASES = [(make, ms) for make, by_ms in SNRS_DB.items() for ms in by_ms]


def cut(sound, at: int, gap_ms: float, rate_hz: int = RATE_HZ):
    """The sound with a blank, and where that is."""
    blank = slice(at, at + round(gap_ms / 1000 * rate_hz))
    damaged = sound.copy()
    damaged[..., blank] = 0
    return damaged, blank


def steady(rate_hz: int = RATE_HZ, seconds: float = 1):
    """A hiss, which is everywhere as loud."""
    return (0.1 * np.random.default_rng(4).standard_normal(round(seconds * rate_hz))).astype("f4")


@pytest.mark.parametrize(("make", "ms"), CASES)
def test_blanks_are_filled_as_well_as_the_best_that_was_found(make, ms):
    found = []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        sound = make(rng, 6, RATE_HZ)
        for at in rng.integers(RATE_HZ // 2, 5 * RATE_HZ, 12):
            damaged, blank = cut(sound, at, ms)
            edited = FillBlanks().apply(damaged, RATE_HZ)
            if level.rms(sound[blank]) > HEARD and not np.array_equal(edited, damaged):
                lost = np.sum((edited - sound)[blank] ** 2)
                found.append(10 * np.log10(np.sum(sound[blank] ** 2) / lost))
    assert len(found) > 12
    assert np.mean(found) >= SNRS_DB[make][ms] - 0.5


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("gap_ms", [2, 20, 80, 300])
def test_all_but_the_blank_keeps_its_bits(rate_hz, gap_ms):
    sound = steady(rate_hz)
    damaged, blank = cut(sound, rate_hz // 2, gap_ms + 0.1 * (gap_ms == 2), rate_hz)
    edited = FillBlanks().apply(damaged, rate_hz)
    outside = np.ones(sound.size, bool)
    outside[blank] = False
    assert np.array_equal(edited[outside], sound[outside])
    assert edited[blank].any()


@pytest.mark.parametrize("gap_ms", [60, 150, 300])
def test_a_long_blank_becomes_as_loud_as_its_sides(gap_ms):
    damaged, blank = cut(steady(), 6000, gap_ms)
    filled = FillBlanks().apply(damaged, RATE_HZ)[blank]
    assert abs(20 * np.log10(level.rms(filled) / 0.1)) < 3


def test_what_is_heard_in_the_middle_stays_there_however_long_the_blank():
    damaged, blank = cut(np.stack([steady(), steady()]), 6000, 200)
    filled = FillBlanks().apply(damaged, RATE_HZ)[:, blank]
    assert np.array_equal(filled[0], filled[1])
    assert filled.any()


def test_a_blank_in_one_channel_is_filled_in_that_one():
    sound = np.stack([steady(), steady()])
    damaged = sound.copy()
    damaged[1, 6000:6100] = 0
    edited = FillBlanks().apply(damaged, RATE_HZ)
    assert np.array_equal(edited[0], sound[0])
    assert edited[1, 6000:6100].any()


def test_two_blanks_near_each_other_are_both_filled():
    damaged, first = cut(steady(), 6000, 10)
    damaged, second = cut(damaged, 6600, 10)
    edited = FillBlanks().apply(damaged, RATE_HZ)
    assert edited[first].any()
    assert edited[second].any()


@pytest.mark.parametrize("where", [0, RATE_HZ - 800])
def test_both_ends_stay_as_they_are(where):
    damaged, _ = cut(steady(), where, 50)
    assert np.array_equal(FillBlanks().apply(damaged, RATE_HZ), damaged)


@pytest.mark.parametrize(("gap_ms", "options"), [(1, {}), (320, {}), (40, {"max_gap_ms": 30})])
def test_what_is_too_short_or_long_stays(gap_ms, options):
    damaged, _ = cut(steady(), 6000, gap_ms)
    assert np.array_equal(FillBlanks(**options).apply(damaged, RATE_HZ), damaged)


def test_a_pause_that_sound_fades_into_is_no_blank():
    fade = np.concatenate([np.linspace(1, 0, 800), np.zeros(1600), np.ones(800)])
    sound = steady()
    sound[6000:9200] *= fade.astype(np.float32)
    assert np.array_equal(FillBlanks().apply(sound, RATE_HZ), sound)


def test_low_notes_cross_zero_without_a_blank():
    low = np.sin(2 * np.pi * 30 * np.arange(RATE_HZ) / RATE_HZ).astype(np.float32) / 20
    assert FillBlanks().gaps(low, RATE_HZ) == []
