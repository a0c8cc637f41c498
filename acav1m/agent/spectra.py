"""Sound as overlapping short spectra, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from acav1m.agent.action import Samples

    Powers = NDArray[np.float32]
    Spectra = NDArray[np.complex64]

OVERLAP = 4
"""Windows that cover each moment: enough that a gain that jumps makes no audible edges."""

DIGITAL_SILENCE = 1e-9
"""Mean square of what no microphone recorded, -90 dBFS: it tells nothing about noise."""


def window_samples(rate_hz: int, window_s: float) -> int:
    """The nearest even number of samples that the windows' overlap divides."""
    return max(2, round(window_s * rate_hz / (2 * OVERLAP))) * 2 * OVERLAP


def analyse(channels: Samples, window: int) -> Spectra:
    """Windowed spectra, (channels, frequencies, moments); what is too short is padded."""
    from scipy.signal import stft

    missing = max(0, window - channels.shape[1])
    padded = np.pad(channels, ((0, 0), (0, missing)))
    spectra: Spectra = stft(padded, nperseg=window, noverlap=window - window // OVERLAP)[2]
    return spectra


def synthesise(spectra: Spectra, window: int, samples: int) -> Samples:
    """The sound whose spectra these are, (channels, samples)."""
    from scipy.signal import istft

    sound = istft(spectra, nperseg=window, noverlap=window - window // OVERLAP)[1]
    return np.asarray(sound[:, :samples], np.float32)


def powers(spectra: NDArray[np.inexact]) -> Powers:
    """Power of all channels together, so that one gain serves them all and keeps their image."""
    return np.asarray(np.mean(spectra.real**2 + spectra.imag**2, axis=0), np.float32)


def quiet(power: Powers, share: float) -> Powers:
    """Mean power at each frequency over the quietest moments, (frequencies, 1).

    Digital silence and the half-empty windows at both ends do not count, unless there is nothing
    else.
    """
    whole = power[:, OVERLAP // 2 : -(OVERLAP // 2)]
    whole = whole if whole.shape[1] else power
    levels = whole.sum(axis=0)
    heard = whole[:, levels > DIGITAL_SILENCE]
    whole, levels = (heard, levels[levels > DIGITAL_SILENCE]) if heard.shape[1] else (whole, levels)
    count = max(1, round(share * levels.size))
    picked = np.argpartition(levels, count - 1)[:count]
    return np.asarray(whole[:, np.sort(picked)].mean(axis=1, keepdims=True))


def heard(power: Powers) -> Powers:
    """The powers with what is nearest and heard in the place of digital silence.

    The windows that reach into it count as silence too; the same powers where there is none, or
    nothing else.
    """
    from scipy.ndimage import minimum_filter1d

    loud = power.sum(axis=0) > DIGITAL_SILENCE
    whole = minimum_filter1d(loud, 2 * OVERLAP - 1, mode="nearest")
    there = np.flatnonzero(whole)
    if loud.all() or not there.size:
        return power
    nearest = np.searchsorted((there[1:] + there[:-1]) / 2, np.arange(loud.size))
    return power[:, there[nearest]]
