"""Take away noise from narrow bands of wavelets."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from acav1m.agent import spectra
from acav1m.agent.action import Action, Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from acav1m.agent.action import Samples

WAVELET = "dmey"
BAND_HZ = 125
MODE = "periodization"
QUIET_SHARE = 0.2
SMOOTHING_S = 0.03
TINY = np.float32(1e-20)


class Wavelet(Action):
    """Shrinks wavelet packets of about 125 Hz that rise little above the noise of their band.

    The noise is that of the quietest fifth; `strength` times its power goes from each packet,
    judged with its neighbours in time (Cai and Silverman, 2001).
    `floor_db` is the most that any packet is turned down.
    """

    kind: ClassVar[Kind] = "noise"
    strength: float = Field(1.5, ge=0.5, le=6)
    floor_db: float = Field(-30.0, ge=-60, le=-3)

    def edit(self, channels: Samples, rate_hz: int) -> Samples:
        from scipy.ndimage import uniform_filter1d

        depth = max(1, round(np.log2(rate_hz / 2 / BAND_HZ)))
        packets = _split(channels, depth)
        reach = max(1, round(SMOOTHING_S * rate_hz / 2**depth))
        power = uniform_filter1d(spectra.powers(packets), reach, axis=-1, mode="nearest")
        noise = spectra.quiet(power, QUIET_SHARE)
        left = 1 - np.float32(self.strength) * noise / np.maximum(power, TINY)
        gain = np.maximum(left, np.float32(10 ** (self.floor_db / 20)))
        return _join(packets * gain, depth)[:, : channels.shape[1]]


def _split(channels: Samples, depth: int) -> NDArray[np.float32]:
    """Packets, (channels, bands, moments), bands in the order of the tree."""
    import pywt

    count, samples = channels.shape
    spare = -samples % 2**depth
    bands = np.pad(channels, ((0, 0), (0, spare)))[:, None]
    for _ in range(depth):
        halves = pywt.dwt(bands, WAVELET, MODE, axis=-1)
        bands = np.stack(halves, axis=2).reshape(count, -1, halves[0].shape[-1])
    return bands


def _join(packets: NDArray[np.float32], depth: int) -> Samples:
    """The sound of packets, (channels, samples)."""
    import pywt

    bands = packets
    for _ in range(depth):
        bands = pywt.idwt(bands[:, ::2], bands[:, 1::2], WAVELET, MODE, axis=-1)
    return np.asarray(bands[:, 0], np.float32)
