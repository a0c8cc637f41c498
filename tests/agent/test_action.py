"""What holds for every action: asked of each that is found, so a new one is covered at once."""

import json
import re
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from acav1m.agent import action as actions
from acav1m.agent import bench_signals
from acav1m.agent.action import Action
from acav1m.errors import AcavError, ClipError

RATES_HZ = (8_000, 16_000, 22_050, 44_100, 48_000)
STRONG = {
    "spectral_subtraction": {"over_subtraction": 6, "floor_db": -60},
    "wiener": {"floor_db": -60},
    "wavelet": {"strength": 6, "floor_db": -60},
    "spectral_gating": {"threshold": 5, "reduction_db": 60},
    "speed": {"factor": 0.5},
    "pitch": {"semitones": 12},
    "volume": {"target_lufs": -9},
    "fill_blanks": {"floor_db": -50},
}
WEAK = {"speed": {"factor": 1.7}, "pitch": {"semitones": -5}}

ALL = pytest.mark.parametrize("name", actions.names())


def made(name: str) -> list[Action]:
    """The action as it is by default, gently and strongly."""
    return [actions.load(name)(**p) for p in ({}, WEAK.get(name, {}), STRONG[name])]


def with_blanks(rate_hz: int, seconds: float = 1, seed: int = 0):
    """Speech with a little hiss and a blank, so that each action finds something to do."""
    rng = np.random.default_rng(seed)
    sound = bench_signals.speech(rng, seconds, rate_hz)
    sound += 0.005 * rng.standard_normal(sound.size).astype(np.float32)
    middle = sound.size // 2
    sound[middle : middle + rate_hz // 50] = 0
    return sound


def is_sound(edited, action: Action, original) -> bool:
    ceiling = max(1.0, float(np.abs(original).max(initial=0)))
    right = edited.dtype == np.float32 and edited.shape == original.shape
    return right and bool(np.isfinite(edited).all()) and np.abs(edited).max(initial=0) <= ceiling


def test_there_are_four_of_each_kind():
    kinds = [actions.load(name).kind for name in actions.names()]
    assert sorted(kinds) == ["coordination"] * 4 + ["noise"] * 4


@ALL
def test_parameters_are_explained_have_ranges_and_survive_json(name):
    kind = actions.load(name)
    assert kind.name() == name
    assert re.fullmatch(r"[A-Z].*[^ .]\.", kind.help())
    assert [p for p in kind.model_fields if f"`{p}`" not in (kind.__doc__ or "")] == []
    for parameter in kind.model_json_schema()["properties"].values():
        assert {"minimum", "maximum", "default"} <= parameter.keys()
    strong = kind(**STRONG[name])
    assert kind(**json.loads(strong.model_dump_json())) == strong


@ALL
@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), 1e9])
def test_what_is_out_of_range_or_misspelt_is_refused(name, wrong):
    kind = actions.load(name)
    with pytest.raises(ValidationError):
        kind(**{next(iter(kind.model_fields)): wrong})
    with pytest.raises(ValidationError, match="no_such"):
        kind(no_such=1)


def test_an_unknown_action_is_named_with_its_nearest():
    with pytest.raises(AcavError, match="did you mean 'wiener'"):
        actions.load("weiner")


@ALL
@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_sound_of_every_rate_is_edited_and_the_original_stays(name, rate_hz):
    mono = with_blanks(rate_hz)
    stereo = np.stack([mono, mono[::-1]])
    for action in made(name):
        for sound in (mono, mono[None], stereo):
            before = sound.copy()
            edited = action.apply(sound, rate_hz)
            assert is_sound(edited, action, sound)
            assert np.array_equal(sound, before)
            assert np.array_equal(edited, action.apply(sound, rate_hz))
    assert not np.array_equal(edited, stereo)


@ALL
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_any_samples_make_a_sound(name, data):
    rate_hz = data.draw(st.sampled_from(RATES_HZ))
    length = data.draw(st.one_of(st.integers(0, 50), st.integers(rate_hz // 20, rate_hz // 5)))
    channels = data.draw(st.integers(1, 2))
    scale = data.draw(st.sampled_from([1e-30, 1e-6, 0.1, 1.0, 3.0]))
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    sound = (scale * rng.uniform(-1, 1, (channels, length))).astype(np.float32)
    sound[:, rng.random(length) < data.draw(st.sampled_from([0, 0.5, 0.99]))] = 0
    for action in made(name):
        assert is_sound(action.apply(sound, rate_hz), action, sound)


@ALL
@pytest.mark.parametrize("seconds", [0, 0.0001, 0.05, 0.3, 1.1])
@pytest.mark.parametrize("rate_hz", [8_000, 48_000])
def test_silence_stays_silence(name, seconds, rate_hz):
    silence = np.zeros((2, round(seconds * rate_hz)), np.float32)
    for action in made(name):
        edited = action.apply(silence, rate_hz)
        assert is_sound(edited, action, silence)
        assert not edited.any()


@ALL
@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_a_constant_and_full_scale_are_edited_without_passing_it(name, rate_hz):
    count = rate_hz // 2
    square = np.where(np.arange(count) // 40 % 2, 1, -1).astype(np.float32)
    noise = np.random.default_rng(3).choice([-1, 1], count).astype(np.float32)
    for sound in (np.full(count, 0.5, np.float32), np.ones(count, np.float32), square, noise):
        for action in made(name):
            assert is_sound(action.apply(sound, rate_hz), action, sound)


@ALL
@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 48_000])
def test_the_stereo_image_is_kept(name, rate_hz):
    """Left only stays left only, and what is heard a quarter as loud on the right stays there."""
    sound = with_blanks(rate_hz)
    for action in made(name):
        left_only = action.apply(np.stack([sound, 0 * sound]), rate_hz)
        panned = action.apply(np.stack([sound, 0.25 * sound]), rate_hz)
        assert not left_only[1].any()
        assert left_only[0].any()
        assert np.linalg.norm(panned[1] - 0.25 * panned[0]) < 1e-3 * np.linalg.norm(panned[1])


@ALL
def test_what_is_no_number_is_refused(name):
    sound = np.array([0, np.nan, 0.5], np.float32)
    with pytest.raises(ClipError, match="no numbers"):
        actions.load(name)().apply(sound, 16_000)


@ALL
def test_double_precision_gives_the_same(name):
    sound = with_blanks(16_000, 0.5)
    action = actions.load(name)()
    assert np.array_equal(
        action.apply(sound.astype(np.float64), 16_000), action.apply(sound, 16_000)
    )


@pytest.mark.parametrize(("name", "package"), [("wavelet", "pywt"), ("pitch", "python_stretch")])
def test_a_package_that_is_not_there_is_named_with_its_extra(name, package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(AcavError, match=rf"{name} needs {package}: pip install 'acav1m\[agent\]'"):
        actions.load(name)(**STRONG[name]).apply(with_blanks(16_000, 0.2), 16_000)
