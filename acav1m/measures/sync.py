"""How far sound and picture are apart in time, from onsets and motion alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field
from scipy.ndimage import gaussian_filter1d

from acav1m import signals
from acav1m.clip import Clip
from acav1m.steps import Measure, Value

if TYPE_CHECKING:
    from numpy.typing import NDArray

ONSET_DB = 1.0
"""Bands rise by this much more than usual, on average over 40 ms: an onset."""

MOVE = 0.01
"""A cell changes by this share more than usual: something moved, not the coding's noise."""

DISTINCT = 0.1
"""By how much the best lag should beat the second best."""

BESIDE_S = 0.2


class Sync(Measure):
    """Find how late sound comes after picture, within `max_offset_s`, from onsets and motion.

    `sync_offset_s` is positive where the sound comes late. It is the lag at which the rises of
    the sound (positive spectral flux) correlate best with the motion of one of 8 by 8 cells of
    the picture, 25 values a second.

    `sync_confidence`, 0 to 1, says how far that correlation is above the best that unrelated
    sound and motion of this length reach by chance, less where another lag does nearly as well.
    No learning is involved: hits, barks and shots work, faces and music seldom do, and a low
    confidence says so. From about 0.2 the offset can be believed.

    `sync_events` counts the onsets. Without one, or without motion, the others are null.

    >>> from acav1m.testing import flash_and_beep
    >>> found = Sync().measure(flash_and_beep([1, 1.7, 3.1], offset_s=0.2, seconds=5))
    >>> round(found["sync_offset_s"], 1), found["sync_events"], found["sync_confidence"] > 0.5
    (0.2, 3, True)
    """

    adds = {"sync_offset_s": float, "sync_confidence": float, "sync_events": int}
    views = (signals.VIEW,)

    max_offset_s: float = Field(default=2.0, gt=0, le=10)

    def measure(self, clip: Clip) -> dict[str, Value]:
        sound, motion = _same_length(signals.onsets(clip), signals.motion(clip))
        events = _onset_count(sound)
        moving = motion[:, (motion - np.median(motion, axis=0)).max(axis=0) > MOVE]
        if not events or not moving.size:
            return {"sync_offset_s": None, "sync_confidence": None, "sync_events": events}
        lags, correlation = _correlate(sound, moving, self.max_offset_s)
        best = int(correlation.argmax())
        return {
            "sync_offset_s": float(lags[best]) / signals.RATE_HZ,
            "sync_confidence": _confidence(lags, correlation, best, len(sound)),
            "sync_events": events,
        }


def _same_length(
    sound: NDArray[np.float32], motion: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Both curves until the longer ends: after its end a stream stays as it usually was."""
    n = max(len(sound), len(motion))
    usual_sound, usual_motion = np.median(sound), np.median(motion, axis=0)
    rest = np.tile(usual_motion, (n - len(motion), 1))
    return (
        np.concatenate([sound, np.full(n - len(sound), usual_sound, np.float32)]),
        np.concatenate([motion, rest.astype(np.float32)]),
    )


def _onset_count(sound: NDArray[np.float32]) -> int:
    smooth = gaussian_filter1d(sound, 1, mode="nearest")
    here, before, after = smooth[1:-1], smooth[:-2], smooth[2:]
    onset = (here > np.median(smooth) + ONSET_DB) & (here > before) & (here >= after)
    return int(onset.sum())


def _correlate(
    sound: NDArray[np.float32], motion: NDArray[np.float32], max_offset_s: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Correlation of sound with the cell that fits best, at each lag.

    Sums are over the clip's length and not over the overlap, so long lags need better evidence.
    """
    n = len(sound)
    heard = gaussian_filter1d(sound, 1, mode="nearest")
    heard = _standard(heard - gaussian_filter1d(heard, signals.RATE_HZ / 2, mode="nearest"))
    seen = _standard(np.sqrt(gaussian_filter1d(motion, 1, axis=0, mode="nearest")))
    size = 1 << (2 * n).bit_length()
    spectrum = np.fft.rfft(heard, size)[:, None] * np.conj(np.fft.rfft(seen, size, axis=0))
    reach = min(round(max_offset_s * signals.RATE_HZ), n - 1)
    lags = np.arange(-reach, reach + 1)
    correlation = np.fft.irfft(spectrum, size, axis=0)[lags] / n
    return lags, correlation.max(axis=1)


def _confidence(
    lags: NDArray[np.int64], correlation: NDArray[np.float64], best: int, n: int
) -> float:
    peak = correlation[best]
    # The largest of many correlations of unrelated curves; smoothed, two values count as one.
    chance = min(1.0, np.sqrt(2 * np.log(signals.CELLS**2 * len(lags)) / (n / 2)))
    if peak <= chance:
        return 0.0
    per_overlap = correlation * n / (n - np.abs(lags))  # else a steady beat would seem unique
    beside = np.abs(lags - lags[best]) > BESIDE_S * signals.RATE_HZ
    lead = per_overlap[best] - max(0.0, per_overlap[beside].max(initial=0.0))
    doubt = np.clip(lead / DISTINCT, 0, 1)
    return float(np.clip((peak - chance) / (1 - chance) * doubt, 0, 1))


def _standard(curve: NDArray[np.float32]) -> NDArray[np.float32]:
    centred = curve - curve.mean(axis=0)
    spread = centred.std(axis=0)
    standard: NDArray[np.float32] = np.zeros_like(centred)
    np.divide(centred, spread, out=standard, where=spread > 1e-6)
    return standard
