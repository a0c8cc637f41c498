"""Whether sound and picture show the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from acav1m.calibration.map import Calibration
from acav1m.clip import Clip
from acav1m.models import embedded, evidence, features
from acav1m.models.step import AsksEmbedded
from acav1m.steps import Aligner, Value


class Instance(AsksEmbedded, Aligner):
    """Agreement of the whole clip's sound with its picture (ACAV-1M's instance level).

    `instance_score_raw` is the cosine of the two embeddings of `model`, null for a silent clip;
    `instance_score` the calibrated probability (0 to 1) that they belong together, 0.5 where a
    clip's own sound and another clip's are equally likely.
    """

    version = 2
    adds = {"instance_score_raw": float}
    calibrated = {"instance_score": "instance_score_raw"}
    mismatch = {"instance_score": "other"}
    views = (features.VIEW,)

    model: Literal["embedded"] = "embedded"

    def prior(self) -> Mapping[str, Calibration]:
        """The map of rendered clips."""
        return {"instance_score": embedded.calibration()["instance_score"]}

    def measure(self, clip: Clip) -> Mapping[str, Value]:
        """Compare the clip's two embeddings."""
        if not evidence.heard(clip).any():
            return {"instance_score_raw": None}
        model = embedded.load()
        raw = float(model.encode_audio(clip).clip @ model.encode_video(clip).clip)
        return {"instance_score_raw": raw}
