"""Take away a steady noise by its mean spectrum."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from acav1m.agent import spectra
from acav1m.agent.action import Action, Kind

if TYPE_CHECKING:
    from acav1m.agent.action import Samples

WINDOW_S = 0.064
QUIET_SHARE = 0.2
TINY = np.float32(1e-20)


class SpectralSubtraction(Action):
    """Subtracts the spectrum of the quietest fifth of the sound from all of it.

    `over_subtraction` times the noise's power goes, as its moments lie above its mean, and
    `floor_db` is the most that any frequency is turned down (Berouti and others, 1979).
    Good for a steady hiss or hum; a sound that never pauses is taken for noise itself.
    """

    kind: ClassVar[Kind] = "noise"
    over_subtraction: float = Field(2.0, ge=0.5, le=6)
    floor_db: float = Field(-20.0, ge=-60, le=-3)

    def edit(self, channels: Samples, rate_hz: int) -> Samples:
        from scipy.ndimage import uniform_filter

        window = spectra.window_samples(rate_hz, WINDOW_S)
        found = spectra.analyse(channels, window)
        power = spectra.powers(found)
        noise = spectra.quiet(power, QUIET_SHARE)
        # the mean of neighbours, lest lone peaks of noise stay and ring as tones
        steady = uniform_filter(power, (1, spectra.OVERLAP), mode="nearest")
        left = 1 - np.float32(self.over_subtraction) * noise / np.maximum(steady, TINY)
        gain = np.sqrt(np.maximum(left, np.float32(10 ** (self.floor_db / 10))))
        return spectra.synthesise(found * gain, window, channels.shape[1])
