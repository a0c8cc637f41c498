"""What is planted in a sound is heard in it, and nothing else."""

from itertools import product

import numpy as np
import pytest

from acav1m.agent.bench_signals import notes, speech
from acav1m.agent.hearing import hear
from acav1m.agent.observation import Blanks, Level, Noise
from acav1m.errors import ClipError
from acav1m.synth import level, noise, scene

RATE_HZ = 16_000
SOUND = 0.85
HEARD_AS = {"white": "hiss", "pink": "hiss", "hum": "hum", "babble": "babble"}


def talk(rate_hz=RATE_HZ, seconds=5.0, seed=3):
    """Speech in a room whose hush lies 50 dB below it."""
    rng = np.random.default_rng(seed)
    return level.over(
        speech(rng, seconds, rate_hz), rng.standard_normal(int(seconds * rate_hz)), 50
    )


def noisy(clean, kind, snr_db, rate_hz=RATE_HZ, seed=0):
    return level.over(
        clean, noise.coloured(np.random.default_rng(seed), clean.size, rate_hz, kind), snr_db
    )


@pytest.mark.parametrize("snr_db", [0, 5, 10])
@pytest.mark.parametrize("kind", ["white", "pink", "hum"])
def test_noise_is_heard_for_what_it_is_and_how_strong_within_2_db(kind, snr_db):
    heard = hear(noisy(talk(), kind, snr_db), RATE_HZ)
    assert heard.noise.kind == HEARD_AS[kind]
    assert heard.noise.snr_db == pytest.approx(snr_db, abs=2)
    assert heard.soundness < SOUND


@pytest.mark.parametrize("snr_db", [0, 5])
def test_many_voices_are_heard_within_4_db(snr_db):
    heard = hear(noisy(scene.heard("clock", 5, 5.0, RATE_HZ), "babble", snr_db), RATE_HZ)
    assert heard.noise.kind == "babble"
    assert heard.noise.snr_db == pytest.approx(snr_db, abs=4)
    assert heard.soundness < SOUND


@pytest.mark.parametrize("level_db", [-30, -40, -55])
def test_the_floor_of_a_known_noise_is_measured_in_dbfs(level_db):
    rng = np.random.default_rng(1)
    tick = np.zeros(5 * RATE_HZ)
    tick[:: RATE_HZ // 2] = 0.5
    hiss = rng.standard_normal(tick.size) * 10 ** (level_db / 20)
    heard = hear((tick + hiss).astype(np.float32), RATE_HZ)
    assert heard.noise.floor_db == pytest.approx(level_db, abs=1)


@pytest.mark.parametrize("mains_hz", [49.9, 50, 60, 60.1])
def test_hum_is_told_from_a_note_that_is_held(mains_hz):
    times_s = np.arange(5 * RATE_HZ) / RATE_HZ
    clean = talk()
    for hz, kind in ((mains_hz, "hum"), (mains_hz * 1.3, "none")):
        held = sum(np.sin(2 * np.pi * k * hz * times_s) / k for k in (1, 2, 3))
        assert hear(level.over(clean, held, 5), RATE_HZ).noise.kind == kind


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 44_100, 48_000])
def test_other_rates_and_stereo_are_heard_alike(rate_hz):
    clean = talk(rate_hz)
    bad = noisy(clean, "white", 5, rate_hz)
    for sound, kind in ((clean, "none"), (bad, "hiss")):
        one, two = hear(sound, rate_hz), hear(np.stack([sound, 0.5 * sound]), rate_hz)
        assert one.noise.kind == two.noise.kind == kind
        assert one.noise.snr_db == pytest.approx(two.noise.snr_db, abs=0.1)
        assert (one.soundness < SOUND) == (two.soundness < SOUND) == (kind != "none")


def test_noise_in_one_channel_is_heard():
    clean = talk()
    assert hear(np.stack([clean, noisy(clean, "white", 0)]), RATE_HZ).noise.kind == "hiss"


@pytest.mark.parametrize("event", scene.events())
def test_clean_events_are_sound(event):
    heard = hear(scene.heard(event, 41_003, 5.0, RATE_HZ), RATE_HZ)
    assert heard.soundness >= SOUND
    assert heard.noise.kind == "none"
    assert heard.blanks == Blanks()


@pytest.mark.slow
def test_few_clean_clips_are_blamed_and_nearly_all_noise_is_found():
    """Held out: no weight was fitted to these seeds."""
    found = {"clean": [], "white": [], "hum": []}
    for event, seed in product(scene.events(), range(46_000, 46_008)):
        clean = scene.heard(event, seed, 5.0, RATE_HZ)
        found["clean"].append(hear(clean, RATE_HZ).soundness >= SOUND)
        for kind in ("white", "hum"):
            heard = hear(noisy(clean, kind, 5, seed=seed), RATE_HZ)
            found[kind].append(heard.soundness < SOUND)
    assert {kind: np.mean(right) >= 0.98 for kind, right in found.items()} == dict.fromkeys(
        found, True
    )


@pytest.mark.parametrize("kind", ["white", "pink", "hum"])
def test_noise_alone_is_the_sound_itself(kind):
    """A waterfall must not be taken for the noise over something that is not there."""
    only = 0.1 * noise.coloured(np.random.default_rng(0), 5 * RATE_HZ, RATE_HZ, kind)
    assert hear(only.astype(np.float32), RATE_HZ).soundness >= SOUND


def test_silent_ends_change_nothing_that_is_heard():
    """Sound that an edit moved leaves silence behind, which is not a quiet room."""
    for sound, kind in ((talk(), "none"), (noisy(talk(), "hum", 5), "hum")):
        moved = np.concatenate([np.zeros(RATE_HZ, np.float32), sound[:-RATE_HZ]])
        heard = hear(moved, RATE_HZ)
        assert heard.noise.kind == kind
        assert heard.blanks == Blanks()


@pytest.mark.parametrize("blank_ms", [5, 30, 100, 300])
@pytest.mark.parametrize("kind", [None, "white"])
def test_blanks_are_counted_and_do_not_hide_noise(blank_ms, kind):
    clean = notes(np.random.default_rng(1), 5, RATE_HZ)
    sound = clean if kind is None else noisy(clean, kind, 5)
    samples = blank_ms * RATE_HZ // 1000
    for start in (16_000, 40_000, 60_000):
        sound[start : start + samples] = 0
    heard = hear(sound, RATE_HZ)
    assert heard.blanks.count == 3
    assert heard.blanks.longest_ms == pytest.approx(blank_ms, abs=1)
    assert heard.soundness < SOUND
    assert (heard.noise.kind == "hiss") == (kind == "white")


def test_a_blank_in_both_channels_is_one():
    sound = notes(np.random.default_rng(1), 3, RATE_HZ)
    sound[16_000:16_800] = 0
    assert hear(np.stack([sound, 0.5 * sound]), RATE_HZ).blanks.count == 1


@pytest.mark.parametrize(("gain_db", "sure"), [(-12, False), (-6, False), (0, True), (6, False)])
def test_loudness_off_its_target_is_a_fault(gain_db, sure):
    clean = 0.2 * talk()
    target = hear(clean, RATE_HZ).level.lufs
    heard = hear(clean * np.float32(10 ** (gain_db / 20)), RATE_HZ, target_lufs=target)
    assert heard.level.lufs == pytest.approx(target + gain_db, abs=0.05)
    assert heard.level.reachable_lufs == pytest.approx(target, abs=0.05)
    assert (heard.soundness >= SOUND) == sure


def test_a_target_that_peaks_do_not_allow_is_no_fault():
    """One gain cannot bring lone clicks to -14 LUFS, so nothing should be tried for ever."""
    clicks = 1e-4 * np.random.default_rng(0).standard_normal(3 * RATE_HZ)
    clicks[8000::16_000] = 0.89
    heard = hear(clicks.astype(np.float32), RATE_HZ, target_lufs=-14)
    assert heard.level.reachable_lufs < -20
    assert heard.soundness >= SOUND


@pytest.mark.parametrize("shape", [(0,), (800,), (2, 48_000), (2, 0)])
def test_of_digital_silence_nothing_is_known(shape):
    heard = hear(np.zeros(shape, np.float32), RATE_HZ, target_lufs=-23)
    assert heard == (Noise(), Level(target_lufs=-23), Blanks(), None)


@pytest.mark.parametrize("samples", [1, 2, 100, 1500, 7000])
def test_very_short_sound_is_taken_for_sound(samples):
    heard = hear(np.full(samples, 0.1, np.float32), RATE_HZ)
    assert heard.noise == Noise()
    assert heard.soundness >= SOUND
    assert heard.level.peak_db == pytest.approx(-20)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_is_refused(bad):
    with pytest.raises(ClipError, match="no numbers"):
        hear(np.array([0, bad], np.float32), RATE_HZ)


def test_hearing_leaves_the_sound_as_it_is_and_hears_the_same_again():
    sound = noisy(talk(), "pink", 5)
    before = sound.copy()
    assert hear(sound, RATE_HZ) == hear(sound, RATE_HZ)
    assert np.array_equal(sound, before)
