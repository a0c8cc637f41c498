"""At which strengths faults are measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m.agent.faults.blanks import Blanks
from acav1m.agent.faults.drift import Drift
from acav1m.agent.faults.gain import Gain
from acav1m.agent.faults.noisy import COLOURS, Noisy
from acav1m.agent.faults.offset import Offset
from acav1m.agent.faults.pitch import Pitch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.agent.faults.fault import Fault

SNRS_DB = (0, 5, 10, 15, 20)
OFFSETS_S = (0.25, 0.5, 1.0)
DRIFTS_PERCENT = (2, 4, 8)
GAINS_DB = (6, 12)
BLANKS_MS = (10, 30, 100, 300)
SEMITONES = (2, 4, 7)


def grades() -> Mapping[str, tuple[Fault, ...]]:
    """Names of grades, and the faults of each: where there are two, one either way."""
    found: dict[str, tuple[Fault, ...]] = {
        f"{colour} {db} dB": (Noisy(kind=colour, snr_db=db),)
        for colour in COLOURS
        for db in SNRS_DB
    }
    found |= {f"offset {s:g} s": (Offset(offset_s=-s), Offset(offset_s=s)) for s in OFFSETS_S}
    found |= {
        f"drift {n} %": (Drift(speed=1 - n / 100), Drift(speed=1 + n / 100)) for n in DRIFTS_PERCENT
    }
    found |= {f"gain {db} dB": (Gain(gain_db=-db), Gain(gain_db=db)) for db in GAINS_DB}
    found |= {f"blanks {ms} ms": (Blanks(blank_ms=ms),) for ms in BLANKS_MS}
    found |= {f"pitch {n}": (Pitch(semitones=-n), Pitch(semitones=n)) for n in SEMITONES}
    return found
