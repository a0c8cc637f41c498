import hashlib
import subprocess
import sys

import numpy as np
import pytest

from acav1m.errors import AcavError
from acav1m.synth import scene
from acav1m.synth.event import Event

IMPULSIVE = [name for name in scene.events() if scene.event_class(name).impulsive]
SWELLING = sorted({*scene.events()} - {*IMPULSIVE})
SEEDS = (1, 2, 3)


def fingerprint(clip):
    return hashlib.sha256(clip.frames.tobytes() + clip.audio.tobytes()).hexdigest()


def loudness(audio, rate_hz, window_s=0.005):
    """RMS of consecutive windows."""
    size = round(window_s * rate_hz)
    windows = audio[: len(audio) // size * size].reshape(-1, size).astype(np.float64)
    return np.sqrt((windows**2).mean(axis=1))


def dry_hits(event, seed, rate_hz=16_000):
    """Each hit of a performance alone in a track, so that no tail hides its onset."""
    performance = scene.perform(event, seed, 3.0)
    rng = performance.rng("sound")
    return [performance.hit(beat, rng, rate_hz) for beat in performance.rhythm.beats()]


def test_at_least_sixteen_events_are_found():
    assert len(scene.events()) >= 16
    assert scene.events() == sorted(scene.events())


@pytest.mark.parametrize("event", scene.events())
def test_shapes_and_ranges_hold(event):
    clip = scene.render(event, 1, seconds=1.5, fps=20, width=96, height=64, rate_hz=48_000)
    assert clip.frames.shape == (30, 64, 96, 3)
    assert clip.frames.dtype == np.uint8
    assert clip.audio.shape == (72_000,)
    assert clip.audio.dtype == np.float32
    assert 0.01 < np.abs(clip.audio).max() <= 1
    assert clip.labels_per_s == (True, True)
    assert clip.defect is None
    assert all(0 <= t < 1.5 for t in clip.event_times_s)


@pytest.mark.parametrize("event", scene.events())
def test_same_seed_same_bytes_other_seed_other_clip(event):
    first, again, other = (scene.render(event, seed, seconds=1) for seed in (4, 4, 5))
    assert fingerprint(first) == fingerprint(again)
    assert not np.array_equal(first.frames, other.frames)
    assert not np.array_equal(first.audio, other.audio)


def test_another_process_renders_the_same_bytes():
    script = (
        "import hashlib; from acav1m.synth import scene\n"
        "for e in scene.events():\n"
        "    c = scene.render(e, 6, seconds=0.4)\n"
        "    print(hashlib.sha256(c.frames.tobytes() + c.audio.tobytes()).hexdigest())"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    here = [fingerprint(scene.render(event, 6, seconds=0.4)) for event in scene.events()]
    assert run.stdout.split() == here


@pytest.mark.parametrize("event", scene.events())
def test_captions_are_plain_lower_case_sentences(event):
    for seed in range(40):
        for caption in scene.captions(event, seed, 5.0):
            assert caption == caption.lower()
            assert 4 <= len(caption.split()) <= 25
            assert not caption.endswith(".")
            assert not any(f" a {vowel}" in f" {caption}" for vowel in "aeio")


@pytest.mark.parametrize("event", scene.events())
def test_captions_differ_from_clip_to_clip(event):
    assert len({scene.captions(event, seed, 5.0).both for seed in range(40)}) > 1


@pytest.mark.parametrize("event", scene.events())
def test_something_happens_in_every_second(event):
    for seed in SEEDS:
        performance = scene.perform(event, seed, 5.0)
        seconds = {int(t) for t in performance.rhythm.within(0, 5)}
        gaps = np.diff(performance.rhythm.times_s)
        assert gaps.max() <= 1.2 + 1e-9
        assert len(seconds) >= 4


@pytest.mark.parametrize("event", scene.events())
def test_rhythm_is_not_periodic(event):
    gaps = np.diff(scene.perform(event, 2, 10.0).rhythm.times_s)
    assert gaps.std() > 0.05 * gaps.mean()


@pytest.mark.parametrize("event", IMPULSIVE)
def test_a_hit_is_heard_at_once(event):
    """Within 20 ms of its first sample a hit reaches a third of its full loudness."""
    for hit in dry_hits(event, 1):
        level = loudness(hit, 16_000)
        assert level[:4].max() > level.max() / 3


@pytest.mark.parametrize("event", IMPULSIVE)
def test_sound_onsets_are_where_the_labels_say(event):
    """Around most event times the loudness jumps, and nowhere else does it jump as much."""
    rate_hz = 16_000
    found = told = 0
    for seed in SEEDS:
        clip = scene.render(event, seed, seconds=4, width=32, height=24)
        log = np.log(loudness(clip.audio, rate_hz) + 1e-5)
        rise = np.zeros(len(log))
        rise[2:-2] = log[3:-1] - np.minimum(log[1:-3], log[:-4])
        for time_s in clip.event_times_s:
            window = int(time_s / 0.005)
            if 24 < window < len(log) - 24:
                told += 1
                near = np.argmax(rise[window - 20 : window + 20]) - 20
                found += abs(near * 0.005) <= 0.02
    assert told > 8
    assert found / told > 0.75


@pytest.mark.parametrize("event", SWELLING)
def test_sound_swells_at_the_event_times(event):
    rises = []
    for seed in SEEDS:
        clip = scene.render(event, seed, seconds=5, width=32, height=24)
        level = loudness(clip.audio, 16_000, 0.02)
        for time_s in clip.event_times_s:
            at = int(time_s / 0.02)
            if 4 < at < len(level) - 8:
                rises.append(level[at + 1 : at + 7].max() > level[at - 1])
    assert np.mean(rises) > 0.85


@pytest.mark.parametrize("event", scene.events())
def test_picture_changes_at_the_event_times(event):
    """With backdrop and camera still, the pictures around a hit differ from one another."""
    for seed in SEEDS:
        frames, times = _bare_film(scene.perform(event, seed, 3.0))
        change = np.abs(np.diff(frames, axis=0)).mean(axis=(1, 2, 3))
        for time_s in times:
            around = change[max(int(time_s * 25) - 2, 0) : int(time_s * 25) + 3]
            assert around.max() > 0.05


@pytest.mark.parametrize("event", scene.events())
def test_film_is_continuous_in_time(event):
    """Drawing is a function of time alone, so any frame rate and order gives the same picture."""
    performance = scene.perform(event, 3, 2.0)
    late, early = _picture(performance, 1.3), _picture(performance, 0.2)
    assert np.array_equal(_picture(performance, 1.3), late)
    assert np.array_equal(_picture(scene.perform(event, 3, 2.0), 0.2), early)


def test_a_longer_clip_begins_like_a_shorter_one():
    short, long = (scene.perform("ball", 5, seconds).rhythm.times_s for seconds in (2.0, 6.0))
    assert long[: len(short)] == short


def test_sound_before_and_after_the_clip_is_there():
    inside = scene.heard("drum", 3, 2.0, 16_000)
    wide = scene.heard("drum", 3, 2.0, 16_000, start_s=-1.0, length_s=4.0)
    assert np.array_equal(wide[16_000:48_000], inside)
    assert np.abs(wide[:16_000]).max() > 0.05
    assert np.abs(wide[48_000:]).max() > 0.05


def test_unknown_event_names_the_nearest():
    with pytest.raises(AcavError, match="did you mean 'bell'"):
        scene.render("bel", 0)


def test_every_file_holds_one_event():
    assert all(issubclass(scene.event_class(name), Event) for name in scene.events())


def _picture(performance, t_s):
    from acav1m.synth.canvas import Canvas

    image = np.full((96, 128, 3), 90, np.uint8)
    performance.draw(Canvas(image, 64, 48, 44), t_s)
    return image


def _bare_film(performance):
    frames = np.stack([_picture(performance, i / 25) for i in range(75)]).astype(np.int16)
    return frames, performance.rhythm.within(0.1, 2.8)
