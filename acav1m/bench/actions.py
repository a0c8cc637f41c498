"""Measure every action: what it mends on sounds whose truth is known, and how fast."""

from __future__ import annotations

import time
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m.agent import action as actions
from acav1m.agent import bench_signals
from acav1m.agent.action import Action
from acav1m.synth import level, noise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from acav1m.agent.action import Samples

RATES_HZ = (16_000, 48_000)
SIGNALS = {"speech": bench_signals.speech, "notes": bench_signals.notes}
SNRS_DB = (0, 5, 10)
SECONDS = 10
TAKES = 3
"""Sounds of each kind, of as many seeds."""

REPEATS = 3
FLOOR = "short-time Fourier transform and back (scipy, 512 samples, a quarter apart)"
TIMED: Mapping[str, Mapping[str, float]] = {"speed": {"factor": 1.25}, "pitch": {"semitones": 4}}
"""Parameters where the default changes nothing, and would be timed for that."""

BLANK_S, BLANK_EVERY_S = 0.02, 0.5


def figures(seed: int) -> dict[str, Any]:
    """SI-SDR gains in dB of noise actions by signal and noise at 16 kHz, the mean of inputs.

    Inputs are at 0, 5 and 10 dB, three sounds each; the same for the same seed.
    """
    found = {}
    for name in actions.names():
        if actions.load(name).kind == "noise":
            found[name] = gains_db(actions.load(name)(), seed)
    return {
        "seed": seed,
        "rate_hz": RATES_HZ[0],
        "seconds": SECONDS,
        "takes": TAKES,
        "input_snr_db": list(SNRS_DB),
        "si_sdr_gain_db": found,
    }


def timing(seed: int) -> dict[str, Any]:
    """CPU times of a 10 s sound, in multiples of real time and of a floor measured beside it."""
    return {"floor": FLOOR, "rates": {str(rate): _times(seed, rate) for rate in RATES_HZ}}


def gains_db(action: Action, seed: int, rate_hz: int = RATES_HZ[0]) -> dict[str, dict[str, float]]:
    """Mean SI-SDR gain over the inputs, by signal and kind of noise."""
    return {
        signal: {kind: _gain_db(action, signal, kind, seed, rate_hz) for kind in noise.KINDS}
        for signal in SIGNALS
    }


def si_sdr_db(heard: Samples, true: Samples) -> float:
    """How far what is true stands above all else that is heard, whatever its gain."""
    heard, true = (one - one.mean(dtype=np.float64) for one in (heard, true))
    wanted = true * (heard @ true / (true @ true))
    return float(10 * np.log10(wanted @ wanted / max(float(np.sum((heard - wanted) ** 2)), 1e-30)))


def _gain_db(action: Action, signal: str, kind: str, seed: int, rate_hz: int) -> float:
    gains = []
    for take in range(TAKES):
        true, other = _parts(signal, kind, seed + take, rate_hz)
        for snr_db in SNRS_DB:
            noisy = level.over(true, other, snr_db)
            gains.append(si_sdr_db(action.apply(noisy, rate_hz), true) - si_sdr_db(noisy, true))
    return float(np.mean(gains))


@cache
def _parts(signal: str, kind: str, seed: int, rate_hz: int) -> tuple[Samples, Samples]:
    """What is wanted, and a noise."""
    rng = np.random.default_rng(seed)
    true = SIGNALS[signal](rng, SECONDS, rate_hz)
    return true, noise.coloured(rng, true.size, rate_hz, kind).astype(np.float32)


def _times(seed: int, rate_hz: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    true = bench_signals.speech(rng, SECONDS, rate_hz)
    noisy = level.over(true, noise.coloured(rng, true.size, rate_hz, "pink"), 5)
    blank = noisy.copy()
    for start in range(rate_hz // 4, blank.size, round(BLANK_EVERY_S * rate_hz)):
        blank[start : start + round(BLANK_S * rate_hz)] = 0
    floor_s = _seconds(partial(_round_trip, noisy))
    took = {}
    for name in actions.names():
        action = actions.load(name)(**TIMED.get(name, {}))
        sound = blank if name == "fill_blanks" else noisy
        took[name] = _seconds(partial(action.apply, sound, rate_hz))
    each = {name: _speed(one_s, floor_s) for name, one_s in took.items()}
    return {"floor": _speed(floor_s, floor_s), "actions": each}


def _speed(took_s: float, floor_s: float) -> dict[str, float]:
    return {"times_real_time": SECONDS / took_s, "times_floor": took_s / floor_s}


def _seconds(call: Callable[[], object]) -> float:
    """CPU seconds of the fastest of some calls, the first of which loads what is needed."""
    took = []
    for _ in range(REPEATS + 1):
        start = time.process_time()
        call()
        took.append(time.process_time() - start)
    return max(min(took[1:]), 1e-6)


def _round_trip(sound: Samples) -> None:
    from scipy.signal import istft, stft

    istft(stft(sound, nperseg=512, noverlap=384)[2], nperseg=512, noverlap=384)


def text(found: Mapping[str, Any]) -> str:
    """Two tables for a terminal."""
    import pyarrow as pa

    from acav1m import drawing

    gains, rates = found["si_sdr_gain_db"], found["timing"]["rates"]
    gained = [
        {"action": name, "signal": signal, **{kind: f"{db:+.1f}" for kind, db in by_kind.items()}}
        for name, signals in gains.items()
        for signal, by_kind in signals.items()
    ]
    timed = [
        {"action": name} | {f"{int(rate) // 1000} kHz": _cell(rates[rate], name) for rate in rates}
        for name in ("floor", *actions.names())
    ]
    floor = found["timing"]["floor"]
    snrs = ", ".join(map(str, found["input_snr_db"]))
    return "\n".join(
        [
            f"SI-SDR gain in dB, mean of {found['takes']} sounds with noise at {snrs} dB",
            drawing.rows(pa.Table.from_pylist(gained)),
            f"Multiples of real time (and of the floor's CPU time). Floor: {floor}",
            drawing.rows(pa.Table.from_pylist(timed)),
        ]
    )


def _cell(rate: Mapping[str, Any], name: str) -> str:
    one = rate["floor"] if name == "floor" else rate["actions"][name]
    return f"{one['times_real_time']:.0f} ({one['times_floor']:.1f})"
