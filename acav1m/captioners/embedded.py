"""What the embedded model hears and sees, in words."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from acav1m.clip import Clip
from acav1m.models import describe, embedded, features
from acav1m.models.step import AsksEmbedded
from acav1m.steps import Captioner, Value


class Embedded(AsksEmbedded, Captioner):
    """Captions from the model that ships with the package.

    `audio_caption` is made from the sound alone and `visual_caption` from the picture alone, so
    that they can disagree; `caption` condenses the two sentences. A caption is null where the
    best event's probability is below `min_confidence` (0 to 1). The model knows only the events
    it was trained on, rendered ones: use a real captioner for real video.
    """

    adds = {"audio_caption": str, "visual_caption": str, "caption": str}
    views = (features.VIEW,)

    min_confidence: float = Field(default=0.5, ge=0, le=1)

    def measure(self, clip: Clip) -> Mapping[str, Value]:
        """Describe the clip three times."""
        model = embedded.load()
        heard = describe.sound(model, clip, self.min_confidence)
        seen = describe.picture(model, clip, self.min_confidence)
        return {
            "audio_caption": heard,
            "visual_caption": seen,
            "caption": describe.both(model, heard, seen),
        }
