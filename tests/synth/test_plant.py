from dataclasses import replace

import numpy as np
import pytest

from acav1m.errors import AcavError
from acav1m.synth import level, scene
from acav1m.synth.plant import choose, defects, plant

RATE_HZ = 16_000


@pytest.fixture(scope="module")
def clean():
    return scene.render("drum", 11, seconds=5, width=64, height=48)


def lag_s(late, early):
    """Where `early` fits best in `late`, from -2.5 to 2.5 s."""
    spectrum = np.fft.rfft(late, 2**18) * np.conj(np.fft.rfft(early, 2**18))
    match = np.fft.irfft(spectrum)
    reach = round(2.5 * RATE_HZ)
    return (int(np.argmax(np.concatenate([match[-reach:], match[:reach]]))) - reach) / RATE_HZ


def added_noise(mixed, wanted):
    """What is in `mixed` beside a scaled copy of `wanted`, and that copy."""
    scale = np.dot(mixed, wanted) / np.dot(wanted, wanted)
    return mixed - scale * wanted, scale * wanted


@pytest.mark.parametrize("defect", defects())
def test_a_defect_is_named_and_repeatable(clean, defect):
    first, again, other = (plant(clean, defect, seed) for seed in (1, 1, 4))
    assert first.defect == defect
    assert first.defect_options
    assert np.array_equal(first.audio, again.audio)
    assert np.array_equal(first.frames, again.frames)
    assert first.defect_options == again.defect_options != other.defect_options
    assert len(first.labels_per_s) == 5
    assert first.audio.shape == clean.audio.shape
    assert first.audio.dtype == np.float32
    assert np.abs(first.audio).max() <= 1


@pytest.mark.parametrize("defect", defects())
def test_a_defect_changes_what_it_says_and_nothing_else(clean, defect):
    damaged = plant(clean, defect, 3)
    changed = {
        "picture": not np.array_equal(damaged.frames, clean.frames),
        "sound": not np.array_equal(damaged.audio, clean.audio),
    }
    assert changed == {
        "picture": defect == "frozen",
        "sound": defect
        not in (
            "frozen",
            "wrong_caption",
        ),
    }


@pytest.mark.parametrize("offset_s", [-2.0, -0.25, 0.4, 2.0])
def test_shifted_sound_is_late_by_its_offset(clean, offset_s):
    late = plant(clean, "shifted", 0, offset_s=offset_s)
    assert lag_s(late.audio, clean.audio) == pytest.approx(offset_s, abs=1 / RATE_HZ)
    assert late.labels_per_s == (False,) * 5


@pytest.mark.parametrize("event", scene.events())
def test_shift_leaves_no_silence_and_no_wrap(event):
    """What fills the vacated second is the performance's own sound, heard nowhere in the clip."""
    clip = scene.render(event, 2, seconds=3, width=32, height=24)
    late = plant(clip, "shifted", 0, offset_s=1.5)
    kept = round(1.5 * RATE_HZ)
    assert np.array_equal(late.audio[kept:], clip.audio[:-kept])
    filling = late.audio[:kept]
    assert level.rms(filling) > 0.1 * level.rms(clip.audio)
    assert not np.array_equal(filling, clip.audio[-kept:])


def test_a_shift_beyond_the_performance_is_refused(clean):
    with pytest.raises(AcavError, match="at most"):
        plant(clean, "shifted", 0, offset_s=3.0)


def test_swapped_sound_is_the_other_events(clean):
    swapped = plant(clean, "swapped", 0, other_event="bell", other_seed=9)
    bell = scene.render("bell", 9, seconds=5)
    assert np.array_equal(swapped.audio, bell.audio)
    assert swapped.audio_caption == bell.audio_caption
    assert swapped.visual_caption == clean.visual_caption
    assert swapped.labels_per_s == (False,) * 5


def test_swapped_sound_is_of_another_class():
    others = [choose("swapped", seed, "drum", 5.0)["other_event"] for seed in range(60)]
    assert "drum" not in others
    assert len(set(others)) > 10


@pytest.mark.parametrize("kind", ["white", "pink", "hum", "babble"])
@pytest.mark.parametrize("snr_db", [-3.0, 10.0])
def test_noise_has_its_snr(clean, kind, snr_db):
    noisy = plant(clean, "noisy", 0, kind=kind, snr_db=snr_db)
    noise, wanted = added_noise(noisy.audio.astype(float), clean.audio.astype(float))
    measured_db = 20 * np.log10(level.rms(wanted) / level.rms(noise))
    assert measured_db == pytest.approx(snr_db, abs=0.5)
    assert noisy.labels_per_s == clean.labels_per_s


def test_noises_are_of_their_colour(clean):
    def low_share(kind):
        noisy = plant(clean, "noisy", 0, kind=kind, snr_db=-20.0)
        noise, _ = added_noise(noisy.audio.astype(float), clean.audio.astype(float))
        power = np.abs(np.fft.rfft(noise)) ** 2
        return power[: len(power) // 8].sum() / power.sum()

    assert low_share("white") == pytest.approx(1 / 8, abs=0.02)
    assert 0.4 < low_share("pink") < 0.9
    assert low_share("hum") > 0.98


def test_a_tune_over_the_sound_has_its_level(clean):
    dubbed = plant(clean, "dubbed", 0, mode="over", snr_db=-12.0)
    music, wanted = added_noise(dubbed.audio.astype(float), clean.audio.astype(float))
    assert 20 * np.log10(level.rms(wanted) / level.rms(music)) == pytest.approx(-12, abs=1)
    assert dubbed.labels_per_s == (False,) * 5


def test_a_tune_instead_leaves_nothing_of_the_sound(clean):
    dubbed = plant(clean, "dubbed", 0, mode="instead")
    _, wanted = added_noise(dubbed.audio.astype(float), clean.audio.astype(float))
    assert level.rms(wanted) < 0.1 * level.rms(dubbed.audio)
    assert dubbed.defect_options == {"mode": "instead"}


def test_muted_span_is_silent_and_the_rest_is_not(clean):
    muted = plant(clean, "muted", 0, start_s=1.2, length_s=2.2)
    span = slice(round(1.2 * RATE_HZ), round(3.4 * RATE_HZ))
    assert not muted.audio[span].any()
    assert np.array_equal(np.delete(muted.audio, span), np.delete(clean.audio, span))
    assert muted.labels_per_s == (True, False, False, True, True)


def test_frozen_span_stands_still_and_the_rest_is_in_step(clean):
    frozen = plant(clean, "frozen", 0, start_s=1.0, length_s=3.0)
    assert (frozen.frames[25:100] == clean.frames[25]).all()
    assert np.array_equal(frozen.frames[:25], clean.frames[:25])
    assert np.array_equal(frozen.frames[100:], clean.frames[100:])
    assert frozen.labels_per_s == (True, False, False, False, True)


def test_frozen_from_end_to_end(clean):
    frozen = plant(clean, "frozen", 0, start_s=0.0, length_s=5.0)
    assert (frozen.frames == clean.frames[0]).all()
    assert "second" not in frozen.visual_caption


def test_wrong_caption_is_anothers_and_the_rest_stays_true(clean):
    wrong = plant(clean, "wrong_caption", 0, other_event="siren", other_seed=3)
    assert wrong.caption == scene.render("siren", 3, seconds=5).caption
    assert wrong.audio_caption == clean.audio_caption
    assert wrong.visual_caption == clean.visual_caption
    assert wrong.labels_per_s == (True,) * 5


def test_clipped_sound_is_cut_at_full_scale(clean):
    hot = plant(clean, "clipped", 0, drive_db=20.0)
    peak = np.abs(clean.audio).max()
    expected = np.abs(clean.audio) * 10 >= peak
    assert hot.defect_options["clipped_share"] == pytest.approx(expected.mean(), abs=1e-3)
    assert np.mean(np.abs(hot.audio) >= 1) == pytest.approx(expected.mean(), abs=1e-3)
    assert np.allclose(hot.audio[~expected], clean.audio[~expected] * 10 / peak, atol=1e-4)


@pytest.mark.parametrize("speed", [0.94, 1.06])
def test_drift_grows_with_time(clean, speed):
    """A hit at T is heard at T / speed, so late in the clip it is out by that difference."""
    drifting = plant(clean, "drift", 0, speed=speed)
    for start_s in (0.5, 3.0):
        window = slice(round(start_s * RATE_HZ), round((start_s + 1) * RATE_HZ))
        middle_s = start_s + 0.5
        source = scene.heard("drum", 11, 5.0, RATE_HZ, start_s=-0.5, length_s=6.5)
        times = (np.arange(len(source)) / RATE_HZ - 0.5) / speed
        heard = np.interp(np.arange(len(clean.audio)) / RATE_HZ, times, source)
        assert np.corrcoef(heard[window], drifting.audio[window])[0, 1] > 0.9, middle_s
    assert drifting.labels_per_s[0]
    assert not drifting.labels_per_s[-1]


def test_one_defect_at_a_time(clean):
    with pytest.raises(AcavError, match="noisy already"):
        plant(plant(clean, "noisy", 0), "muted", 0)


def test_unknown_defect_and_option_name_the_nearest(clean):
    with pytest.raises(AcavError, match="did you mean 'muted'"):
        plant(clean, "mutd", 0)
    with pytest.raises(AcavError, match="did you mean 'snr_db'"):
        plant(clean, "noisy", 0, snr=3.0)


def test_the_clean_clip_is_left_alone(clean):
    before = replace(clean, frames=clean.frames.copy(), audio=clean.audio.copy())
    for defect in defects():
        plant(clean, defect, 0)
    assert np.array_equal(before.frames, clean.frames)
    assert np.array_equal(before.audio, clean.audio)
