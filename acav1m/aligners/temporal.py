"""Whether sound and picture happen at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from acav1m.clip import Clip
from acav1m.models import embedded, evidence, features
from acav1m.models.step import AsksEmbedded
from acav1m.steps import Aligner, Value


class Temporal(AsksEmbedded, Aligner):
    """Agreement in time, second by second (ACAV-1M's temporal level).

    `temporal_scores` has one entry for each whole second: the probability (0 to 1) that sound and
    picture are in step there, 0.5 where in step and shifted are equally likely. The entry is null
    where `model` has nothing to go by: sound below -60 dBFS or no motion. `temporal_score` is the
    mean of the scored seconds, `temporal_score_raw` the mean of their logits before calibration,
    `temporal_scored_share` how many of the seconds have a score. The model sees half a second
    beyond each second, so it tells shifts of about 0.2 to 2 s.
    """

    adds = {
        "temporal_score": float,
        "temporal_score_raw": float,
        "temporal_scores": list[float],
        "temporal_scored_share": float,
    }
    views = (features.VIEW,)

    model: Literal["embedded"] = "embedded"

    def measure(self, clip: Clip) -> Mapping[str, Value]:
        """Score every second, and the clip by their mean."""
        model = embedded.load()
        timed = evidence.timed(clip).tolist()
        logits = model.sync_logits(clip).tolist()
        scores = [
            model.probability("temporal", logit) if judged else None
            for logit, judged in zip(logits, timed, strict=True)
        ]
        return {
            "temporal_score": _mean([score for score in scores if score is not None]),
            "temporal_score_raw": _mean(
                [x for x, judged in zip(logits, timed, strict=True) if judged]
            ),
            "temporal_scores": scores,
            "temporal_scored_share": sum(timed) / len(timed),
        }


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
