"""What is measured of a sound by itself: noise, loudness, blanks, and how sound it is."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from acav1m.agent import soundness
from acav1m.agent.actions.fill_blanks import FillBlanks
from acav1m.agent.actions.volume import Volume
from acav1m.agent.noises import db, noises_of, peak_db, snr_db
from acav1m.agent.observation import Blanks, Level, Noise, NoiseKind
from acav1m.errors import ClipError
from acav1m.measures.loudness import integrated_lufs

if TYPE_CHECKING:
    from acav1m.agent.action import Samples
    from acav1m.agent.noises import Noises


class Heard(NamedTuple):
    """All that the sound alone tells."""

    noise: Noise
    level: Level
    blanks: Blanks
    soundness: float | None
    """How sure it is, 0 to 1, that no action can mend a fault; None for digital silence."""


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
    noises = noises_of(channels, rate_hz)
    level, blanks = _level(channels, rate_hz, target_lufs), _blanks(channels, rate_hz)
    sure = clear_of_noise(noises) * soundness.of_blanks(blanks.count)
    return Heard(noise_of(noises), level, blanks, sure * soundness.of_loudness(off_lu(level)))


def off_lu(level: Level) -> float:
    """By how many LU one gain changes the sound; 0 without a target or a loudness."""
    if level.lufs is None or level.reachable_lufs is None:
        return 0.0
    return abs(level.reachable_lufs - level.lufs)


def noise_of(found: Noises | None) -> Noise:
    """The noise that is heard most; nothing is known of too little sound."""
    if found is None:
        return Noise()
    kind = _kind(found)
    power = _powers(found)[kind]
    return Noise(kind=kind, floor_db=db(power), snr_db=snr_db(found.total, power))


def clear_of_noise(found: Noises | None) -> float:
    """How sure it is that there is no noise to take away."""
    return 1.0 if found is None else prod(1 - odds for odds in _odds(found).values())


def _odds(found: Noises) -> dict[NoiseKind, float]:
    """How likely each noise is a fault, those that are told for sure first."""
    odds: dict[NoiseKind, float] = {
        "hum": soundness.hum_odds(found.hum_snr_db),
        "hiss": soundness.hiss_odds(found.hiss),
        "babble": soundness.babble_odds(found.babble),
    }
    powers = _powers(found)
    return {
        kind: odd * soundness.stands_out(snr_db(found.total, powers[kind]))
        for kind, odd in odds.items()
    }


def _powers(found: Noises) -> dict[NoiseKind, float]:
    """What each noise is made of: a broad one may be louder than the voices in it."""
    always = found.hum + found.floor.power
    loudest = max(always, found.voices.power)
    return {"none": always, "hum": always, "hiss": always, "babble": loudest}


def _kind(found: Noises) -> NoiseKind:
    """The noise that is heard most, of those that are likely; none where none is.

    A hiss is broad enough to pass for babble too, so that it is asked for first.
    """
    likely = [kind for kind, odd in _odds(found).items() if odd >= soundness.NAMED]
    if "hum" in likely and found.hum < found.floor.power:
        likely.sort(key=lambda kind: kind == "hum")
    return likely[0] if likely else "none"


def _level(channels: Samples, rate_hz: int, target_lufs: float | None) -> Level:
    reachable = None
    if target_lufs is not None:
        levelled = Volume(target_lufs=target_lufs).apply(channels, rate_hz)
        reachable = integrated_lufs(levelled, rate_hz)
    return Level(
        lufs=integrated_lufs(channels, rate_hz),
        peak_db=peak_db(channels),
        target_lufs=target_lufs,
        reachable_lufs=reachable,
    )


def _blanks(channels: Samples, rate_hz: int) -> Blanks:
    found = {blank for channel in FillBlanks().blanks(channels, rate_hz) for blank in channel}
    longest = max((end - start for start, end in found), default=None)
    return Blanks(count=len(found), longest_ms=longest and 1000 * longest / rate_hz)
