"""The steady noises of a sound, measured one beside the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from acav1m.agent.babble import Voices, voices_of
from acav1m.agent.mains import HIGHEST_HZ, hum_power
from acav1m.agent.noise_floor import Floor, floor_of
from acav1m.agent.soundness import Babble, Hiss
from acav1m.agent.spectrogram import whole_moments

if TYPE_CHECKING:
    from acav1m.agent.action import Samples

TINY = 1e-14


class Noises(NamedTuple):
    """What is always there in a sound; powers are mean squares."""

    total: float
    """Of all the sound."""
    peak_db: float
    hum: float
    floor: Floor
    voices: Voices

    @property
    def hiss(self) -> Hiss:
        """What tells whether the floor is a fault."""
        above_db = db(max(self.total - self.floor.power, 0)) - db(self.floor.power)
        return Hiss(above_db, self.floor.spread_db, self.peak_db - db(self.floor.power))

    @property
    def hum_snr_db(self) -> float:
        """How far the sound stands above the hum."""
        return db(self.total - self.hum) - db(self.hum)

    @property
    def babble(self) -> Babble:
        """What tells whether there are many voices."""
        above_db = db(self.total) - db(self.voices.power)
        return Babble(above_db, self.voices.rise_db, self.voices.peaks_db)


def noises_of(channels: Samples, rate_hz: int) -> Noises | None:
    """Measure (channels, n), finite; None for too little sound to tell what is steady."""
    sound = _without_silent_ends(channels)
    power = whole_moments(sound, rate_hz)
    if power is None:
        return None
    total = float(np.mean(np.var(sound, axis=1, dtype=np.float64)))
    hum = min(hum_power(sound, rate_hz), total)
    floor = floor_of(power, above_hz=HIGHEST_HZ if hum else 0)
    return Noises(total, peak_db(sound), hum, floor, voices_of(power))


def snr_db(total: float, noise: float) -> float | None:
    """How far all but the noise stands above it; None where nothing does, or there is none."""
    return db((total - noise) / noise) if 0 < noise < total else None


def peak_db(channels: Samples) -> float:
    """Sample peak in dBFS."""
    return 2 * db(float(np.abs(channels).max(initial=0)))


def db(power: float) -> float:
    """Decibels of a power."""
    return float(10 * np.log10(max(power, TINY)))


def _without_silent_ends(channels: Samples) -> Samples:
    heard = np.flatnonzero(np.any(channels != 0, axis=0))
    return channels[:, heard[0] : heard[-1] + 1] if heard.size else channels[:, :0]
