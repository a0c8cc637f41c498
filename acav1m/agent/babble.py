"""Many voices at once: noise in the band of speech that swells and ebbs but never stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from acav1m.agent.noise_floor import smoothed
from acav1m.agent.spectrogram import BIN_HZ

if TYPE_CHECKING:
    from acav1m.agent.spectrogram import Floats

EDGES_HZ = (300, 450, 600, 800, 1000, 1300, 1700, 2200)
"""Bands of speech, each about a third of an octave wide or a little more."""

QUIET = 0.1
BIAS_DB = 3.5
"""How far the quietest tenth of eight voices lies below their mean."""

TINY = 1e-14


class Voices(NamedTuple):
    """What is never silent in the band of speech."""

    power: float
    rise_db: float
    """From the quietest tenth of the moments to half of them, the mean of the bands.

    Many voices have 4 to 5, and one voice with its pauses has 10 and more.
    """
    peaks_db: float
    """How far the spectrum of the quietest moments is from flat: 1 to 4 for many voices, and
    more for a bell that rings on."""


def voices_of(power: Floats) -> Voices:
    """The babble in (frequencies, moments) as `whole_moments` gives them."""
    edges = [round(hz / BIN_HZ) for hz in EDGES_HZ]
    spoken = power[edges[0] : edges[-1]]
    bands = np.add.reduceat(spoken, [edge - edges[0] for edge in edges[:-1]], axis=0)
    quiet, common = np.quantile(smoothed(bands), (QUIET, 0.5), axis=1) + TINY
    always = np.quantile(smoothed(spoken.sum(axis=0, keepdims=True)), QUIET)
    each = np.quantile(smoothed(spoken), QUIET, axis=1) + TINY
    return Voices(
        power=float(always) * 10 ** (BIAS_DB / 10),
        rise_db=float(np.mean(10 * np.log10(common / quiet))),
        peaks_db=float(10 * np.log10(each.mean()) - np.mean(10 * np.log10(each))),
    )
