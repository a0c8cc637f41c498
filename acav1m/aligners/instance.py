"""Whether sound and picture show the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from acav1m.clip import Clip
from acav1m.models import embedded, evidence, features
from acav1m.models.step import AsksEmbedded
from acav1m.steps import Aligner, Value


class Instance(AsksEmbedded, Aligner):
    """Agreement of the whole clip's sound with its picture (ACAV-1M's instance level).

    `instance_score_raw` is the cosine of the two embeddings of `model`; `instance_score` is the
    calibrated probability (0 to 1) that they belong together, 0.5 where a clip's own sound and
    another event's are equally likely. Both are null for a silent clip.
    """

    adds = {"instance_score": float, "instance_score_raw": float}
    views = (features.VIEW,)

    model: Literal["embedded"] = "embedded"

    def measure(self, clip: Clip) -> Mapping[str, Value]:
        """Compare the clip's two embeddings."""
        if not evidence.heard(clip).any():
            return dict.fromkeys(self.adds)
        model = embedded.load()
        raw = float(model.encode_audio(clip).clip @ model.encode_video(clip).clip)
        return {
            "instance_score": model.probability("instance", raw),
            "instance_score_raw": raw,
        }
