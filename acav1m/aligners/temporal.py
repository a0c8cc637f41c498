"""Whether sound and picture happen at the same time, and by how much not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from acav1m import signals
from acav1m.calibration.map import Calibration
from acav1m.clip import Clip
from acav1m.models import embedded, evidence, features
from acav1m.models.timing import onset_motion, reading
from acav1m.steps import Aligner, Value

if TYPE_CHECKING:
    from acav1m.models.timing.lags import Evidence

DIGITS = 4


class Temporal(Aligner):
    """Agreement in time, of the clip and second by second (ACAV-1M's temporal level).

    `model` compares sound and picture at every lag within 3 s: `embedded` with learned vectors,
    `onset-motion` by the rises of the sound and the motion of cells, no learning involved. From
    that come

    - `temporal_score_raw`, the log-odds that the clip is in step (within 0.16 s) against any other
      lag or none, and `temporal_scores_raw`, the same for each whole second against other lags,
      null where there is nothing to go by (sound below -60 dBFS or no motion);
      `temporal_scored_share` is how many of the seconds have a score;
    - `sync_offset_s`, the likeliest lag, positive where the sound comes late, and
      `sync_confidence`, the probability that it is right within 0.1 s;
    - `sync_drift`, by how many seconds the sound falls behind in each second, null where the
      clip does not tell;
    - `visible_event_score_raw`, the log-odds that what is heard is seen to happen at whatever
      lag: low for a radio in a room, high for a hammer that is late.

    `sync_events` counts the onsets heard. In a clip without sound or motion all but it are null.
    `temporal_score`, `temporal_scores` and `visible_event_score` are the calibrated probabilities.
    """

    version = 3
    adds = {
        "temporal_score_raw": float,
        "temporal_scores_raw": list[float],
        "temporal_scored_share": float,
        "sync_offset_s": float,
        "sync_confidence": float,
        "sync_drift": float,
        "sync_events": int,
        "visible_event_score_raw": float,
    }
    calibrated = {
        "temporal_score": "temporal_score_raw",
        "temporal_scores": "temporal_scores_raw",
        "visible_event_score": "visible_event_score_raw",
    }
    mismatch = {
        "temporal_score": "shift",
        "temporal_scores": "shift",
        "visible_event_score": "other",
    }
    views = (features.VIEW, signals.VIEW)

    model: Literal["embedded", "onset-motion"] = "embedded"

    def identity(self) -> dict[str, Any]:
        """Options and the model's checksum."""
        return {**super().identity(), "weights": self._model().checksum()}

    def setup(self) -> None:
        """Open the model."""
        self.prior()

    def prior(self) -> Mapping[str, Calibration]:
        """The maps of rendered clips."""
        lines = self._model().calibration()
        return {column: lines[column] for column in self.calibrated}

    def measure(self, clip: Clip) -> Mapping[str, Value]:
        """Compare at all lags, and read off what that says."""
        timed = evidence.timed(clip).tolist()
        unknown: list[float | None] = [None] * len(timed)
        base: dict[str, Value] = {
            **dict.fromkeys(self.adds),
            "temporal_scores_raw": unknown,
            "temporal_scored_share": sum(timed) / len(timed),
            "sync_events": onset_motion.events(clip),
        }
        return base | (_read(self._model().evidence(clip), timed) if any(timed) else {})

    def _model(self) -> Any:
        return onset_motion if self.model == "onset-motion" else embedded


def _read(found: Evidence, timed: list[bool]) -> dict[str, Value]:
    seconds = reading.seconds_in_step(found).tolist()
    offset, drift = reading.offset(found), reading.drift(found)
    return {
        "temporal_score_raw": reading.in_step(found),
        "temporal_scores_raw": [
            x if judged else None for x, judged in zip(seconds, timed, strict=True)
        ],
        "sync_offset_s": round(offset.seconds, DIGITS),
        "sync_confidence": offset.confidence,
        "sync_drift": drift if drift is None else round(drift, DIGITS),
        "visible_event_score_raw": reading.seen(found),
    }
