"""Take away noise by how far sound stands above it at each frequency."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from acav1m.agent import spectra
from acav1m.agent.action import Action, Kind

if TYPE_CHECKING:
    from acav1m.agent.action import Samples
    from acav1m.agent.spectra import Powers

WINDOW_S = 0.04
FLOOR_WINDOW_S = 1.5
SMOOTHING_S = 0.05
MINIMUM_BIAS = 1.6
"""How far the mean of smoothed noise lies above its least value within the floor's window."""

TINY = np.float32(1e-20)


class Wiener(Action):
    """Weighs each frequency by its signal-to-noise ratio, over a noise floor that may drift.

    The ratio is decision-directed (Ephraim and Malah, 1984) with `smoothing` as the weight of the
    moment before; the floor is the least power within 1.5 s (Martin, 2001),
    digital silence aside.
    `floor_db` is the most that any frequency is turned down.
    Tones held for longer than that count as noise: good against hum, bad for an organ.
    """

    version = 2
    kind: ClassVar[Kind] = "noise"
    smoothing: float = Field(0.96, ge=0, le=0.995)
    floor_db: float = Field(-25.0, ge=-60, le=-3)

    def edit(self, channels: Samples, rate_hz: int) -> Samples:
        window = spectra.window_samples(rate_hz, WINDOW_S)
        found = spectra.analyse(channels, window)
        power = spectra.powers(found)
        floor = _floor(spectra.heard(power), rate_hz * spectra.OVERLAP / window)
        above = np.asarray(power / np.maximum(floor, TINY), np.float32)
        return spectra.synthesise(found * self._gains(above), window, channels.shape[1])

    def _gains(self, above: Powers) -> Powers:
        """Gains from power over noise, moment after moment, as each leans on the one before."""
        old, new = np.float32(self.smoothing), np.float32(1 - self.smoothing)
        least = np.float32(10 ** (self.floor_db / 20))
        gains = np.empty_like(above.T)
        kept = np.maximum(above[:, 0] - 1, 0)
        for moment, ratio in enumerate(above.T):
            prior = old * kept + new * np.maximum(ratio - 1, 0)
            gains[moment] = np.maximum(prior / (1 + prior), least)
            kept = gains[moment] ** 2 * ratio
        return gains.T


def _floor(power: Powers, moments_per_s: float) -> Powers:
    """The noise's power at each frequency and moment: the least that smoothed power falls to."""
    from scipy.ndimage import minimum_filter1d
    from scipy.signal import lfilter

    keep = np.exp(-1 / (SMOOTHING_S * moments_per_s))
    start = keep * power[:, :1]
    smooth = lfilter([1 - keep], [1, -keep], power, axis=1, zi=start)[0]
    reach = max(1, round(FLOOR_WINDOW_S * moments_per_s))
    least = minimum_filter1d(smooth, reach, axis=1, mode="nearest")
    return np.asarray(MINIMUM_BIAS * least, np.float32)
