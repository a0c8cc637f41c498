"""Whether what is heard and what is seen read alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from acav1m.calibration.map import Calibration
from acav1m.clip import Clip
from acav1m.models import embedded
from acav1m.models.step import AsksEmbedded
from acav1m.steps import Aligner, Value

COMPARED = {
    "captions": ("audio_caption", "visual_caption"),
    "source_caption": ("caption", "source_caption"),
}
DONATED = {"captions": ("audio_caption",), "source_caption": ("source_caption",)}


class Language(AsksEmbedded, Aligner):
    """Agreement of two captions of a clip (ACAV-1M's language level).

    `against` says what is compared: with `captions` the caption of the sound and that of the
    picture, with `source_caption` the condensed caption and the one the source gave, which finds
    wrong captions. `language_score_raw` is the cosine of the texts' embeddings by `model`, null
    where a caption is; `language_score` the calibrated probability (0 to 1) that both tell of one
    clip.
    """

    version = 2
    adds = {"language_score_raw": float}
    calibrated = {"language_score": "language_score_raw"}
    mismatch = {"language_score": "other"}

    model: Literal["embedded"] = "embedded"
    against: Literal["captions", "source_caption"] = "captions"

    def needs(self) -> tuple[str, ...]:
        """The two captions that are compared."""
        return COMPARED[self.against]

    def prior(self) -> Mapping[str, Calibration]:
        """The map of rendered clips."""
        return {"language_score": embedded.calibration()["language_score"]}

    def donated(self) -> tuple[str, ...]:
        """The caption that tells of another clip in a mismatched pair."""
        return DONATED[self.against]

    def measure(self, clip: Clip) -> Mapping[str, Value]:
        """Compare the two captions."""
        captions = [clip.columns.get(name) for name in self.needs()]
        if not all(captions):
            return {"language_score_raw": None}
        one, other = embedded.load().encode_text([str(caption) for caption in captions])
        return {"language_score_raw": float(one @ other)}
