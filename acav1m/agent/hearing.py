"""What is measured of a sound by itself: noise, loudness, blanks, and how sound it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from acav1m.agent import soundness
from acav1m.agent.actions.fill_blanks import FillBlanks
from acav1m.agent.actions.volume import Volume
from acav1m.agent.mains import HIGHEST_HZ, hum_power
from acav1m.agent.noise_floor import floor_of
from acav1m.agent.observation import Blanks, Level, Noise, NoiseKind
from acav1m.errors import ClipError
from acav1m.measures.loudness import integrated_lufs

if TYPE_CHECKING:
    from acav1m.agent.action import Samples

TINY = 1e-14


class Heard(NamedTuple):
    """All that the sound alone tells."""

    noise: Noise
    level: Level
    blanks: Blanks
    soundness: float | None
    """How sure it is, 0 to 1, that no action can mend a fault; None for digital silence."""


class _Odds(NamedTuple):
    """How likely each noise is."""

    hiss: float = 0.0
    hum: float = 0.0

    def none(self) -> float:
        """How likely it is that there is nothing to take away."""
        return (1 - self.hiss) * (1 - self.hum)


def hear(audio: Samples, rate_hz: int, *, target_lufs: float | None = None) -> Heard:
    """Measure (n,) or (channels, n), float in [-1, 1]; `target_lufs` is the loudness asked for.

    Noise is unknown, and taken for none, in less than half a second of sound.

    Raises:
        ClipError: A sample is not a number, or infinite.
    """
    channels = np.atleast_2d(np.asarray(audio, np.float32))
    if not np.isfinite(channels).all():
        raise ClipError("not_finite", "the sound has samples that are no numbers")
    if not channels.any():
        return Heard(Noise(), Level(target_lufs=target_lufs), Blanks(), None)
    noise, odds = _noise(channels, rate_hz)
    level, blanks = _level(channels, rate_hz, target_lufs), _blanks(channels, rate_hz)
    fit = soundness.of_blanks(blanks.count) * soundness.of_loudness(off_lu(level))
    return Heard(noise, level, blanks, odds.none() * fit)


def off_lu(level: Level) -> float:
    """By how many LU one gain changes the sound; 0 without a target or a loudness."""
    if level.lufs is None or level.reachable_lufs is None:
        return 0.0
    return abs(level.reachable_lufs - level.lufs)


def _noise(channels: Samples, rate_hz: int) -> tuple[Noise, _Odds]:
    total = float(np.mean(np.var(channels, axis=1, dtype=np.float64)))
    hum = min(hum_power(channels, rate_hz), total)
    floor = floor_of(channels, rate_hz, above_hz=HIGHEST_HZ if hum else 0)
    if floor is None:
        return Noise(), _Odds()
    peak_db = _peak_db(channels) - _db(floor.power)
    hiss = soundness.Hiss(_snr_db(total, floor.power), floor.spread_db, peak_db)
    odds = _Odds(soundness.hiss_odds(hiss), soundness.hum_odds(_snr_db(total, hum)))
    power = hum + floor.power
    louder: NoiseKind = "hum" if hum > floor.power else "hiss"
    kind: NoiseKind = louder if odds.none() < 1 - soundness.NAMED else "none"
    return Noise(kind=kind, floor_db=_db(power), snr_db=_snr_db(total, power)), odds


def _level(channels: Samples, rate_hz: int, target_lufs: float | None) -> Level:
    reachable = None
    if target_lufs is not None:
        levelled = Volume(target_lufs=target_lufs).apply(channels, rate_hz)
        reachable = integrated_lufs(levelled, rate_hz)
    return Level(
        lufs=integrated_lufs(channels, rate_hz),
        peak_db=_peak_db(channels),
        target_lufs=target_lufs,
        reachable_lufs=reachable,
    )


def _blanks(channels: Samples, rate_hz: int) -> Blanks:
    gaps = [gap for channel in channels for gap in FillBlanks().gaps(channel, rate_hz)]
    longest = max((end - start for start, end in gaps), default=None)
    return Blanks(count=len(gaps), longest_ms=longest and 1000 * longest / rate_hz)


def _snr_db(total: float, noise: float) -> float:
    return _db(max(total - noise, 0) / max(noise, TINY))


def _peak_db(channels: Samples) -> float:
    return 2 * _db(float(np.abs(channels).max()))


def _db(power: float) -> float:
    return float(10 * np.log10(max(power, TINY)))
