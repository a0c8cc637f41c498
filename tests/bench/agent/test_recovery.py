"""What is left of a fault, against what it must be by construction."""

import numpy as np
import pytest

from acav1m.agent.actions.pitch import Pitch
from acav1m.agent.actions.speed import Speed
from acav1m.agent.actions.wiener import Wiener
from acav1m.bench.agent import recovery as module
from acav1m.bench.agent.recovery import (
    gap_distance_db,
    gap_snr_db,
    gaps_of,
    out_of_step_s,
    ratio_db,
    recovery,
)
from acav1m.testing import sine

RATE_HZ = 16_000


def noise(seed=0, seconds=2.0):
    return np.random.default_rng(seed).standard_normal(round(seconds * RATE_HZ)) * 0.1


def sound(seed=0):
    return noise(seed).astype(np.float32)


def test_si_sdr_is_that_of_the_noise_that_is_left_whatever_the_gain():
    true, other = noise(0), noise(1)
    heard = (3 * (true + 0.1 * other)).astype(np.float32)
    assert ratio_db(heard, true.astype(np.float32)) == pytest.approx(20, abs=0.1)


def test_si_sdr_stays_within_its_bounds():
    true = sound()
    assert ratio_db(true, true) == 60
    assert ratio_db(np.zeros_like(true), true) == -30
    assert ratio_db(sound(1), true) >= -30


@pytest.mark.parametrize(
    ("acts", "cure", "left_s"),
    [
        ([], [Speed(start_s=0.5)], 0.5),
        ([Speed(start_s=0.46)], [Speed(start_s=0.5)], 0.04),
        ([Speed(start_s=-0.5)], [Speed(start_s=0.5)], 1.0),
        ([Speed(start_s=0.3), Wiener(), Speed(start_s=0.2)], [Speed(start_s=0.5)], 0),
        ([], [Speed(factor=1 / 1.04)], 5 * 0.04),
        ([Speed(factor=1 / 1.04)], [Speed(factor=1 / 1.04)], 0),
        ([Speed(factor=1.1)], [], 5 * 0.1),
        ([Pitch(semitones=2)], [], 0),
    ],
)
def test_out_of_step_is_the_most_that_the_clip_is_at_either_end(acts, cure, left_s):
    assert out_of_step_s(acts, cure, 5.0) == pytest.approx(left_s, abs=1e-6)


def test_out_of_step_tells_where_a_click_is_heard():
    """The clock of several actions is the one that the sound really follows."""
    click = np.zeros(5 * RATE_HZ, np.float32)
    click[3 * RATE_HZ] = 1
    acts = [Speed(start_s=0.4), Speed(start_s=-0.1)]
    moved = click
    for act in acts:
        moved = act.apply(moved, RATE_HZ)
    late_s = 3 - np.argmax(moved) / RATE_HZ
    assert out_of_step_s(acts, [], 5.0) == pytest.approx(late_s, abs=1e-3)


def test_cents_and_loudness_are_those_of_what_was_done():
    clean = sine(3, hz=440, level_db=-20)
    found = recovery(clean / 2, clean, [Pitch(semitones=3)], [Pitch(semitones=-1.5)])
    assert found.pitch_error_cents == pytest.approx(450)
    assert found.loudness_error_lu == pytest.approx(6.02, abs=0.01)
    assert found.gap_snr_db is None
    assert found.blanks_left == 0


def test_silence_is_a_loudness_error_down_to_the_gate():
    clean = sine(3, hz=1000, level_db=-20)
    found = recovery(np.zeros_like(clean), clean, [], [])
    assert found.loudness_error_lu == pytest.approx(70 - 23, abs=0.2)


def holes():
    clean = sound()
    damaged = clean.copy()
    damaged[8_000:8_480] = 0
    damaged[20_000:20_480] = 0
    return clean, damaged


def test_gaps_are_what_the_fault_took():
    clean, damaged = holes()
    assert gaps_of(damaged, clean).sum() == 960
    assert recovery(damaged, clean, [], [], gaps_of(damaged, clean)).blanks_left == 2


def test_snr_in_gaps_is_nought_for_silence_and_that_of_the_error_else():
    clean, damaged = holes()
    gaps = gaps_of(damaged, clean)
    assert gap_snr_db(damaged, clean, gaps) == pytest.approx(0)
    assert gap_snr_db(np.where(gaps, 0.9 * clean, damaged), clean, gaps) == pytest.approx(20, 0.01)
    assert gap_snr_db(clean, clean, gaps) == 60


def test_distance_in_gaps_asks_for_colour_and_level_and_not_for_the_waveform():
    clean, damaged = holes()
    gaps = gaps_of(damaged, clean)
    filled = np.where(gaps, sound(7), damaged)
    half = np.where(gaps, sound(7) / 2, damaged)
    silent, near, quiet = (gap_distance_db(x, clean, gaps) for x in (damaged, filled, half))
    assert gap_distance_db(clean, clean, gaps) == 0
    assert near < quiet < silent
    assert gap_snr_db(filled, clean, gaps) < 0


def test_recovery_is_of_16_khz():
    assert module.RATE_HZ == RATE_HZ
