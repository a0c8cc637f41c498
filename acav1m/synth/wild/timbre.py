"""Sounds of one hit of anything: struck, plucked, torn, barked, blown up; onset at sample 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import lfilter

from acav1m.synth import sound

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.wild.beat import Floats

LONGEST_S = 1.6


def grain(rng: Generator, rate_hz: int) -> Floats:
    """Draw the sound of a hit, its peak at 1; often of two kinds at once."""
    first = _one(rng, rate_hz)
    if rng.random() < 0.4:
        first = sound.mix(first, rng.uniform(0.1, 0.8) * _one(rng, rate_hz))
    first = first[: round(LONGEST_S * rate_hz)]
    return np.asarray(first / max(float(np.abs(first).max()), 1e-9))


def _one(rng: Generator, rate_hz: int) -> Floats:
    made = KINDS[int(rng.integers(len(KINDS)))](rng, rate_hz)[: round(LONGEST_S * rate_hz)]
    return np.asarray(made / max(float(np.abs(made).max()), 1e-9))


def _body(rng: Generator, rate_hz: int) -> Floats:
    """A struck body: modes at ratios of a bar, a string, a plate or of nothing known."""
    count, pitch_hz = int(rng.integers(2, 9)), _log(rng, 60, 2500)
    ratios = (
        np.arange(1, count + 1.0),
        np.array((1, 2.76, 5.4, 8.9, 13.3, 18.6, 24.8, 32))[:count],
        np.cumsum(rng.uniform(0.3, 1.6, count)) + 0.5,
    )[int(rng.integers(3))]
    tau_s, damping = _log(rng, 0.01, 0.4), rng.uniform(0, 1.2)
    taus = list(tau_s / ratios**damping)
    levels = list(rng.uniform(0.2, 1, count) / ratios ** rng.uniform(0, 1.5))
    return sound.modes(rate_hz, list(pitch_hz * ratios), taus, levels)


def _noise(rng: Generator, rate_hz: int) -> Floats:
    """A knock, click, hiss or splash."""
    low_hz = _log(rng, 50, 4000)
    return sound.burst(rng, rate_hz, low_hz, low_hz * _log(rng, 1.5, 40), _log(rng, 0.003, 0.15))


def _pluck(rng: Generator, rate_hz: int) -> Floats:
    """A plucked string: noise that goes round a loop which swallows its highs."""
    period = int(rate_hz / _log(rng, 60, 700))
    excite = np.zeros(int(rate_hz * rng.uniform(0.3, 1.4)))
    excite[:period] = rng.uniform(-1, 1, period)
    loss, share = rng.uniform(0.975, 0.999), rng.uniform(0.3, 0.7)
    loop = np.zeros(period + 2)
    loop[0], loop[period], loop[period + 1] = 1, -loss * (1 - share), -loss * share
    return np.asarray(lfilter((1.0,), loop, excite))


def _fm(rng: Generator, rate_hz: int) -> Floats:
    """A bell, a beep or a clang of a synthesiser."""
    envelope = sound.decay(rate_hz, _log(rng, 0.02, 0.25), _log(rng, 0.001, 0.01))
    times = np.arange(len(envelope)) / rate_hz
    pitch_hz, ratio, depth = _log(rng, 100, 2500), rng.uniform(0.3, 4), rng.uniform(0, 6)
    swing = depth * envelope * np.sin(2 * np.pi * pitch_hz * ratio * times)
    return np.asarray(envelope * np.sin(2 * np.pi * pitch_hz * times + swing))


def _chirp(rng: Generator, rate_hz: int) -> Floats:
    """A glide up or down: birds, drops, squeaks, toy guns."""
    envelope = sound.decay(rate_hz, _log(rng, 0.015, 0.12), _log(rng, 0.001, 0.008))
    first_hz = _log(rng, 200, 4500)
    ratio = min(_log(rng, 0.3, 3.0), 7000 / first_hz)
    path = first_hz * ratio ** np.linspace(0, 1, len(envelope))
    return np.asarray(envelope * sound.glide(rate_hz, path))


def _thud(rng: Generator, rate_hz: int) -> Floats:
    """A kick drum, a step, a door: low, falling in pitch."""
    envelope = sound.decay(rate_hz, _log(rng, 0.02, 0.2), 0.002)
    times = np.arange(len(envelope)) / rate_hz
    path = rng.uniform(40, 120) + rng.uniform(50, 300) * np.exp(-times / rng.uniform(0.005, 0.05))
    return np.asarray(envelope * sound.glide(rate_hz, path))


def _bark(rng: Generator, rate_hz: int) -> Floats:
    """A cry of an animal: a rough buzz through a throat, its pitch rising and falling."""
    count = round(rng.uniform(0.06, 0.35) * rate_hz)
    rise = np.linspace(0, 1, count)
    pitch = _log(rng, 100, 700) * (1 + rng.uniform(-0.3, 0.5) * np.sin(np.pi * rise))
    buzz = (np.cumsum(pitch) / rate_hz) % 1 - 0.5 + rng.uniform(0, 0.4) * rng.normal(size=count)
    formant = _log(rng, 400, 1800)
    cry = sound.band(buzz, formant * 0.6, formant * rng.uniform(1.6, 4), rate_hz)
    opening = np.minimum(np.arange(count) / (rng.uniform(0.001, 0.006) * rate_hz), 1)
    return np.asarray(cry * opening * np.sin(np.pi * rise**0.5) ** rng.uniform(0.5, 1.0))


def _blast(rng: Generator, rate_hz: int) -> Floats:
    """A shot or an explosion: a crack, then a long rumble."""
    crack = sound.burst(rng, rate_hz, 200, 7000, _log(rng, 0.003, 0.02))
    rumble = sound.burst(rng, rate_hz, 40, _log(rng, 300, 3000), _log(rng, 0.05, 0.25))
    return sound.mix(crack, rng.uniform(0.2, 1.2) * rumble)


def _jingle(rng: Generator, rate_hz: int) -> Floats:
    """Many small bodies one after the other: keys, coins, shards, a ratchet."""
    small = [_body, _noise, _fm][int(rng.integers(3))](rng, rate_hz)[: round(0.1 * rate_hz)]
    length_s = rng.uniform(0.05, 0.4)
    track = np.zeros(round((length_s + 0.1) * rate_hz))
    starts_s = np.append(0, length_s * rng.random(int(rng.integers(2, 12))) ** 1.5)
    for start_s in starts_s.tolist():
        level = rng.uniform(0.3, 1) * np.exp(-2 * start_s / length_s)
        sound.place(track, level * small, start_s * rate_hz)
    return track


def _log(rng: Generator, low: float, high: float) -> float:
    """Draw between two values so that every octave is as likely."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


KINDS: tuple[Callable[[Generator, int], Floats], ...] = (
    _body,
    _body,
    _body,
    _noise,
    _noise,
    _pluck,
    _fm,
    _chirp,
    _thud,
    _bark,
    _bark,
    _blast,
    _jingle,
)
