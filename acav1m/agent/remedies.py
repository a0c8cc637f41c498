"""Which filters gain against which noise: what planners know, and what they are taught.

By the mean SI-SDR gain over two rendered clips of each event (`remedies_fit`) with noise
planted at 0 to 20 dB. White and pink noise are both heard as hiss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m.agent.actions.spectral_gating import SpectralGating
from acav1m.agent.actions.spectral_subtraction import SpectralSubtraction
from acav1m.agent.actions.wavelet import Wavelet
from acav1m.agent.actions.wiener import Wiener

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.agent.action import Action
    from acav1m.agent.observation import NoiseKind

FAINT_DB = 15
"""Where the sound stands higher above the noise, filters at their defaults do more harm than
good on average (0.6 dB or less is gained at 20 dB), and only gentle ones gain."""

LOUD: Mapping[NoiseKind, tuple[Action, ...]] = {
    "none": (),
    "hiss": (Wiener(), Wavelet(), SpectralSubtraction(), SpectralGating()),  # 5.5 5.1 5.1 3.1 dB
    "hum": (SpectralSubtraction(), Wavelet(), Wiener(), SpectralGating()),  # 9.7 9.2 8.8 6.4 dB
    "babble": (Wavelet(), SpectralSubtraction(), Wiener(), SpectralGating()),  # 3.1 1.3 0.4 0.4 dB
}
"""Best first, at their defaults, by the mean gain at 0, 5 and 10 dB."""

GENTLE_SUBTRACTION = SpectralSubtraction(over_subtraction=1, floor_db=-10)
GENTLE_WAVELET = Wavelet(strength=1, floor_db=-10)
GENTLE_GATING = SpectralGating(threshold=0, reduction_db=8)

FAINT: Mapping[NoiseKind, tuple[Action, ...]] = {
    "none": (),
    "hiss": (GENTLE_SUBTRACTION, GENTLE_WAVELET, GENTLE_GATING),  # 1.9 1.9 0.6 dB at 15 dB
    "hum": (GENTLE_SUBTRACTION, GENTLE_WAVELET, GENTLE_GATING),  # 4.2 2.9 0.8 dB
    "babble": (GENTLE_WAVELET, GENTLE_SUBTRACTION, GENTLE_GATING),  # 1.1 0.5 0.1 dB
}
"""The same at 15 dB; at 20 dB the first still gains 0.4 dB against hiss and 2 dB against hum."""


def filters(kind: NoiseKind, snr_db: float | None = None) -> tuple[Action, ...]:
    """What to try against a noise, best first; nothing where there is none.

    >>> [one.name() for one in filters("hum", snr_db=5)][:2]
    ['spectral_subtraction', 'wavelet']
    """
    faint = snr_db is not None and snr_db >= FAINT_DB
    return (FAINT if faint else LOUD)[kind]
