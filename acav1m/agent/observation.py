"""What a planner is told of a clip: captions, scores, and what is measured of its sound.

The JSON Schema of this is the contract with planners of any kind.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from acav1m.agent.scores import Scores

NoiseKind = Literal["none", "hiss", "hum", "babble"]
"""The steady noise that is heard most: broad, of mains, of many voices."""


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True
    )


class Noise(_Part):
    """The steady noise under the sound."""

    kind: NoiseKind = "none"
    floor_db: float | None = None
    """Level of the noise floor in dBFS (RMS); null for digital silence."""
    snr_db: float | None = None
    """How far the sound stands above the floor; null where there is no floor, or no sound."""


class Timing(_Part):
    """When the sound comes, against the picture."""

    offset_s: float | None = None
    """Positive where the sound comes late."""
    confidence: float | None = Field(default=None, ge=0, le=1)
    drift: float | None = None
    """By how many seconds the sound falls behind in each second."""


class Level(_Part):
    """How loud the sound is."""

    lufs: float | None = None
    """Integrated loudness (ITU-R BS.1770); null for silence, or sound shorter than 0.4 s."""
    peak_db: float | None = None
    """Sample peak in dBFS."""
    target_lufs: float | None = None
    """The loudness that is asked for; null where none is."""
    reachable_lufs: float | None = None
    """The loudness that one gain gives it, no peak above its ceiling; null without a target."""


class Blanks(_Part):
    """Holes in the sound, as `fill_blanks` finds them."""

    count: int = Field(default=0, ge=0)
    longest_ms: float | None = None


class Observation(_Part):
    """All a planner knows of a clip as it sounds now."""

    duration_s: float
    audio_caption: str | None = None
    """Made from the sound alone."""
    visual_caption: str | None = None
    """Made from the picture alone."""
    scores: Scores = Scores()
    temporal_scores: tuple[float | None, ...] = ()
    """One for each second; null where there is nothing to judge."""
    noise: Noise = Noise()
    timing: Timing = Timing()
    level: Level = Level()
    blanks: Blanks = Blanks()
