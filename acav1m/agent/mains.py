"""Mains hum: tones at multiples of 50 or 60 Hz that never change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.agent.spectrogram import LEAST_S, stft_powers

if TYPE_CHECKING:
    from acav1m.agent.action import Samples
    from acav1m.agent.spectrogram import Floats

MAINS_HZ = (50, 60)
HARMONICS = 12
HIGHEST_HZ = 750
"""Above it, no hum is looked for."""

WINDOW_S = 1.0
LINE_HZ = 2
"""Half the width of a tone in a window of a second."""

BESIDE_HZ = 6
"""Where nothing of a tone is left: the mean there is what it must stand out of."""

OUT_DB = (8.0, 12.0)
"""How far a tone stands out of what is beside it: not at all counted to wholly counted."""

CHANGE_DB = (3.0, 6.0)
"""How far the level rises from a quiet moment to a common one: wholly counted to not at all."""

LINES = (1.0, 2.0)
"""Tones of a hum: none for one alone, which may be a bell's or a siren's, to wholly a hum."""

QUIET, COMMON = 0.1, 0.6
TINY = 1e-14


def hum_power(channels: Samples, rate_hz: int) -> float:
    """Mean square of the mains hum in (channels, n); 0 where there is none, or too little sound.

    A tone counts if it stands out of its neighbours in nearly every second and keeps its level:
    a bell that rings at 100 Hz dies away, and a ball that bounces at 180 Hz spreads around it.
    """
    window = round(min(WINDOW_S, channels.shape[1] / rate_hz / 2) * rate_hz)
    power = stft_powers(channels, window, overlap=8) if window >= LEAST_S / 2 * rate_hz else None
    if power is None:
        return 0.0
    bin_hz = rate_hz / window
    return max(_comb(power, mains_hz, bin_hz) for mains_hz in MAINS_HZ)


def _comb(power: Floats, mains_hz: float, bin_hz: float) -> float:
    """Power of the tones at multiples of a frequency, if there are more than one."""
    lines = [_line(power, order * mains_hz, bin_hz) for order in range(1, HARMONICS + 1)]
    count = sum(counted for counted, _ in lines)
    return float(np.interp(count, LINES, (0, 1))) * sum(counted * quiet for counted, quiet in lines)


def _line(power: Floats, at_hz: float, bin_hz: float) -> tuple[float, float]:
    """How far a tone counts as one that is always there, 0 to 1, and its power."""
    tone, below, above = (
        _around(power, at_hz + away_hz, bin_hz) for away_hz in (0, -BESIDE_HZ, BESIDE_HZ)
    )
    quiet, common = np.quantile(tone, (QUIET, COMMON))
    out_db = _db(quiet) - _db(np.quantile((below + above) / 2, QUIET))
    change_db = _db(common) - _db(quiet)
    counted = np.interp(out_db, OUT_DB, (0, 1)) * np.interp(change_db, CHANGE_DB, (1, 0))
    return float(counted), float(quiet)


def _around(power: Floats, at_hz: float, bin_hz: float) -> Floats:
    """Power within a tone's width at each moment."""
    middle, half = round(at_hz / bin_hz), max(2, round(LINE_HZ / bin_hz))
    return np.asarray(power[max(0, middle - half) : middle + half + 1].sum(axis=0))


def _db(power: float | np.floating) -> float:
    return float(10 * np.log10(power + TINY))
