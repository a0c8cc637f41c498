"""Measure what filters gain against noise: `python -m acav1m.agent.remedies_fit`.

The figures that `remedies` are chosen by, on rendered clips that no benchmark draws.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from acav1m.agent.faults.noisy import COLOURS, HEARD_AS, Noisy
from acav1m.agent.remedies import FAINT, LOUD
from acav1m.bench.actions import si_sdr_db
from acav1m.synth import scene

if TYPE_CHECKING:
    from acav1m.agent.action import Action
    from acav1m.synth.scene import Rendered

FIRST_SEEDS = (50_000, 51_000)
SNRS_DB = (0, 5, 10, 15, 20)
NOISE_SEED = 7


def gains_db(act: Action, kind: str) -> list[float]:
    """Mean SI-SDR gain at each of the input levels, over all clips."""
    colours = [colour for colour in COLOURS if HEARD_AS[colour] == kind]
    found: list[float] = []
    for snr_db in SNRS_DB:
        faults = [Noisy(kind=colour, snr_db=snr_db) for colour in colours]
        gains = [_gain_db(act, fault, x) for fault in faults for x in _clips(FIRST_SEEDS)]
        found.append(float(np.mean(gains)))
    return found


@cache
def _clips(firsts: tuple[int, ...]) -> list[Rendered]:
    """One of each event for each of the first seeds; their pictures do not matter."""
    return [
        scene.render(event, first + number, fps=5, width=16, height=16)
        for first in firsts
        for number, event in enumerate(scene.events())
    ]


def _gain_db(act: Action, fault: Noisy, truth: Rendered) -> float:
    noisy = fault.plant(truth, NOISE_SEED).audio
    mended = act.apply(noisy, truth.rate_hz)
    return si_sdr_db(mended, truth.audio) - si_sdr_db(noisy, truth.audio)


def main() -> None:
    """Print a line for each filter of each table."""
    for table in (LOUD, FAINT):
        for kind, acts in table.items():
            for act in acts:
                gains = " ".join(f"{db:5.1f}" for db in gains_db(act, kind))
                print(f"{kind:7} {act.name():20} {act.model_dump()} at {SNRS_DB} dB: {gains}")


if __name__ == "__main__":
    main()
