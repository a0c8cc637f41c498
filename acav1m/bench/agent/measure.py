"""What counts as recovery, one measure for each kind of fault, fixed before anything is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from acav1m.bench.agent.policies import NONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.engines import Row

GAIN = "si_sdr_gain_db"


class Measure(NamedTuple):
    """A figure of a sound against the clean one, and when it is good."""

    column: str
    unit: str
    within: float | None = None
    """What is this near is mended; None where that is no matter of yes or no."""

    @property
    def is_error(self) -> bool:
        """Whether less of it is better."""
        return self.column != GAIN

    def of(self, row: Row, policy: str) -> float:
        """Its value for the sound that a policy made in one trial."""
        told: Mapping[str, float] = row["policies"][policy]
        if self.column == GAIN:
            return float(told["si_sdr_db"] - row["policies"][NONE]["si_sdr_db"])
        return float(told[self.column])

    def ahead(self, row: Row, policy: str, other: str) -> float:
        """By how much a policy did better than another in one trial."""
        difference = self.of(row, policy) - self.of(row, other)
        return -difference if self.is_error else difference


NOISE = Measure(GAIN, "SI-SDR gain, dB")
TIMING = Measure("out_of_step_ms", "out of step, ms", 40)
"""Within a picture: a limit that viewers do not notice (ITU-R BT.1359 has wider ones)."""

MEASURES: Mapping[str, Measure] = {
    **dict.fromkeys(("white", "pink", "hum", "babble"), NOISE),
    "offset": TIMING,
    "drift": TIMING,
    "gain": Measure("loudness_error_lu", "loudness error, LU", 1),
    # of gaps beyond 50 ms nobody knows the very waveform, so that a ratio would ask for silence
    "blanks": Measure("gap_distance_db", "spectral distance in gaps, dB"),
    "pitch": Measure("pitch_error_cents", "pitch error, cents", 50),
}
