"""Let pass only what stands out of its surroundings in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from acav1m.agent import spectra
from acav1m.agent.action import Action, Kind

if TYPE_CHECKING:
    from acav1m.agent.action import Samples
    from acav1m.agent.spectra import Powers

WINDOW_S = 0.048
AVERAGE_S = 4.0
SMOOTHING_HZ, SMOOTHING_S = 60, 0.04
SLOPE = 4
"""How sharply the gate opens around its threshold."""

TINY = np.float32(1e-10)


class SpectralGating(Action):
    """Opens a gate at each frequency where sound rises above its own mean of some seconds.

    A gate opens where the level is more than `threshold` times above the mean, and is smoothed
    over 60 Hz and 40 ms (after noisereduce by Sainburg, 2020, without a noise profile).
    `reduction_db` is how far closed gates turn down.
    Good for lone events over a noise that comes and goes; steady sounds fade.
    """

    version = 2
    kind: ClassVar[Kind] = "noise"
    threshold: float = Field(1.0, ge=0, le=5)
    reduction_db: float = Field(40.0, ge=3, le=60)

    def edit(self, channels: Samples, rate_hz: int) -> Samples:
        window = spectra.window_samples(rate_hz, WINDOW_S)
        found = spectra.analyse(channels, window)
        moments_per_s = rate_hz * spectra.OVERLAP / window
        power = spectra.powers(found)
        rise = _rise(np.sqrt(power), np.sqrt(spectra.heard(power)), moments_per_s)
        opened = _smooth(self._open(rise), rate_hz / window, moments_per_s)
        closed = np.float32(10 ** (-self.reduction_db / 20))
        gain = closed + (1 - closed) * opened
        return spectra.synthesise(found * gain, window, channels.shape[1])

    def _open(self, rise: Powers) -> Powers:
        from scipy.special import expit

        return np.asarray(expit(np.float32(SLOPE) * (rise - np.float32(self.threshold))))


def _rise(level: Powers, heard: Powers, moments_per_s: float) -> Powers:
    """How far each level is above the mean of what is `heard` around it, in multiples of the mean.

    The mean is of logarithms, so that a note that rings does not raise its own threshold much.
    """
    from scipy.signal import lfilter

    keep = np.exp(-1 / (AVERAGE_S * moments_per_s))
    log, mean = (np.log(np.maximum(x, TINY)) for x in (level, heard))
    for _ in range(2):  # forth and back, so that the mean lags behind neither way
        mean = lfilter([1 - keep], [1, -keep], mean, axis=1, zi=keep * mean[:, :1])[0][:, ::-1]
    return np.asarray(np.expm1(log - mean), np.float32)


def _smooth(opened: Powers, bin_hz: float, moments_per_s: float) -> Powers:
    """The mean over neighbours, the nearest weighing most."""
    from scipy.ndimage import convolve1d

    weighed = opened
    for axis, reach in enumerate((SMOOTHING_HZ / bin_hz, SMOOTHING_S * moments_per_s)):
        side = np.arange(1, round(reach) + 2, dtype=np.float32)
        triangle = np.concatenate([side, side[-2::-1]])
        weighed = convolve1d(weighed, triangle / triangle.sum(), axis=axis, mode="nearest")
    return np.asarray(weighed)
