"""Whether sound and picture happen at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from acav1m.calibration.map import Calibration
from acav1m.clip import Clip
from acav1m.models import embedded, evidence, features
from acav1m.models.step import AsksEmbedded
from acav1m.steps import Aligner, Value


class Temporal(AsksEmbedded, Aligner):
    """Agreement in time, second by second (ACAV-1M's temporal level).

    `temporal_scores_raw` has one entry for each whole second: the logit by `model` that sound and
    picture are in step there, null where it has nothing to go by: sound below -60 dBFS or no
    motion. `temporal_score_raw` is the mean of the scored seconds, `temporal_scored_share` how
    many of the seconds have a score. `temporal_scores` and `temporal_score` are the calibrated
    probabilities (0 to 1), 0.5 where in step and shifted are equally likely. The model sees half
    a second beyond each second, so it tells shifts of about 0.2 to 2 s.
    """

    version = 2
    adds = {
        "temporal_score_raw": float,
        "temporal_scores_raw": list[float],
        "temporal_scored_share": float,
    }
    calibrated = {
        "temporal_score": "temporal_score_raw",
        "temporal_scores": "temporal_scores_raw",
    }
    mismatch = {"temporal_score": "shift", "temporal_scores": "shift"}
    views = (features.VIEW,)

    model: Literal["embedded"] = "embedded"

    def prior(self) -> Mapping[str, Calibration]:
        """The map of rendered seconds, for a clip's mean too."""
        return dict.fromkeys(self.calibrated, embedded.load().calibration["temporal"])

    def measure(self, clip: Clip) -> Mapping[str, Value]:
        """Score every second, and the clip by their mean."""
        timed = evidence.timed(clip).tolist()
        logits = embedded.load().sync_logits(clip).tolist()
        scores = [x if judged else None for x, judged in zip(logits, timed, strict=True)]
        return {
            "temporal_score_raw": _mean([score for score in scores if score is not None]),
            "temporal_scores_raw": scores,
            "temporal_scored_share": sum(timed) / len(timed),
        }


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
