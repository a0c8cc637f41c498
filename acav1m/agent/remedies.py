"""Which filter gains most against which noise: what planners know, and what they are taught.

Chosen by the mean SI-SDR gain on rendered clips with planted noise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m.agent.actions.spectral_subtraction import SpectralSubtraction
from acav1m.agent.actions.wavelet import Wavelet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.agent.action import Action
    from acav1m.agent.observation import NoiseKind

FILTERS: Mapping[NoiseKind, Action] = {
    "hiss": Wavelet(),
    "hum": SpectralSubtraction(),
    "babble": Wavelet(),
}
