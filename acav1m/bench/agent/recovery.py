"""How near a sound came to the clean one that it was made of: figures that need no scorer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from acav1m.agent.actions.fill_blanks import FillBlanks
from acav1m.agent.actions.pitch import Pitch
from acav1m.agent.actions.speed import Speed
from acav1m.bench.actions import si_sdr_db
from acav1m.measures.loudness import GATE_LUFS, integrated_lufs
from acav1m.models import features

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from acav1m.agent.action import Action, Samples

    Mask = NDArray[np.bool_]

WORST_DB, BEST_DB = -30.0, 60.0
"""Beyond these a ratio says no more, and would drown all others in a mean."""

BAND_FLOOR_DB = -70.0
"""Quieter bands are alike: nobody hears them under the sound around a gap."""

RATE_HZ = features.RATE_HZ


class Recovery(NamedTuple):
    """A sound against the clean one; in gaps only where there were some."""

    si_sdr_db: float
    """Scale-invariant, over the whole clip, from -30 to 60."""
    out_of_step_ms: float
    """The most that any moment is out of step with the picture."""
    loudness_error_lu: float
    pitch_error_cents: float
    gap_distance_db: float | None
    """Mean difference of log-mel levels inside the gaps, bands below -70 dBFS taken as that."""
    gap_snr_db: float | None
    """Inside the gaps, from -30 to 60; 0 where they are silent."""
    blanks_left: int


def recovery(
    made: Samples,
    clean: Samples,
    acts: Iterable[Action],
    cure: Iterable[Action],
    gaps: Mask | None = None,
) -> Recovery:
    """Compare `made` with `clean`, (n,) at 16 kHz, given the actions taken and the right ones.

    What is in step and in tune is read off the actions, which is exact, and not off the sound,
    where it would be an estimate.
    """
    acts, cure = tuple(acts), tuple(cure)
    return Recovery(
        si_sdr_db=ratio_db(made, clean),
        out_of_step_ms=1000 * out_of_step_s(acts, cure, clean.size / RATE_HZ),
        loudness_error_lu=abs(_lufs(made) - _lufs(clean)),
        pitch_error_cents=100 * abs(_semitones(acts) - _semitones(cure)),
        gap_distance_db=None if gaps is None else gap_distance_db(made, clean, gaps),
        gap_snr_db=None if gaps is None else gap_snr_db(made, clean, gaps),
        blanks_left=len(FillBlanks().gaps(made, RATE_HZ)),
    )


def ratio_db(made: Samples, clean: Samples) -> float:
    """SI-SDR within its bounds; the worst for silence."""
    if not np.any(made - made.mean()):
        return WORST_DB
    with np.errstate(divide="ignore"):
        return _bounded(si_sdr_db(made.astype(np.float64), clean.astype(np.float64)))


def out_of_step_s(acts: Iterable[Action], cure: Iterable[Action], seconds: float) -> float:
    """The larger of the gaps between sound and picture at both ends of the clip.

    The cure plays at t what the damaged sound has at c(t), which belongs there; the actions play
    what it has at a(t) instead, which belongs at t' where c(t') = a(t).
    """
    taken, right = _clock(acts), _clock(cure)
    return max(abs((taken(t) - right(0)) / (right(1) - right(0)) - t) for t in (0.0, seconds))


def gaps_of(damaged: Samples, clean: Samples) -> Mask:
    """Samples that the fault took away."""
    return np.asarray((damaged == 0) & (clean != 0))


def gap_snr_db(made: Samples, clean: Samples, gaps: Mask) -> float:
    """Power of what should be in the gaps over that of the error made there."""
    wanted = float(np.sum(np.square(clean[gaps], dtype=np.float64)))
    error = float(np.sum(np.square(made[gaps].astype(np.float64) - clean[gaps])))
    return _bounded(10 * np.log10(max(wanted, 1e-30) / max(error, 1e-30)))


def gap_distance_db(made: Samples, clean: Samples, gaps: Mask) -> float:
    """Mean difference of mel levels over the frames of 10 ms that touch a gap."""
    touched = np.add.reduceat(gaps, np.arange(0, gaps.size, features.HOP)) > 0
    levels = [_bands_db(sound)[: touched.size] for sound in (made, clean)]
    kept = touched[: len(levels[0])]
    return float(np.abs(levels[0] - levels[1])[kept].mean())


def _bands_db(audio: Samples) -> NDArray[np.float32]:
    """Levels of mel bands in dBFS, a row for every 10 ms."""
    frames = -(-audio.size // (features.HOP * features.MELS_PER_FRAME))
    context = features.CONTEXT * features.MELS_PER_FRAME
    scaled = features.mel(audio, frames)[context:-context]
    return np.maximum(50 * (scaled - 1), BAND_FLOOR_DB)


class _Clock(NamedTuple):
    """Which moment of the original is heard at t."""

    start_s: float = 0.0
    factor: float = 1.0

    def __call__(self, at_s: float) -> float:
        return self.start_s + self.factor * at_s


def _clock(acts: Iterable[Action]) -> _Clock:
    """The clock of several actions: each later one reads what the ones before it made."""
    found = _Clock()
    for act in acts:
        if isinstance(act, Speed):
            found = _Clock(found(act.start_s), found.factor * act.factor)
    return found


def _semitones(acts: Iterable[Action]) -> float:
    return sum(act.semitones for act in acts if isinstance(act, Pitch))


def _lufs(audio: Samples) -> float:
    """Loudness; silence stands at the gate."""
    found = integrated_lufs(audio[None], RATE_HZ)
    return float(GATE_LUFS) if found is None else found


def _bounded(found_db: float) -> float:
    return float(min(max(found_db, WORST_DB), BEST_DB))
