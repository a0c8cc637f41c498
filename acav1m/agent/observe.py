"""Tell a planner of a clip: what the recipe's steps found, and what is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.agent import hearing
from acav1m.agent.observation import Observation, Timing
from acav1m.agent.scores import Scores
from acav1m.media.decode import RELEASE_RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.clip import Clip

CAPTIONS = ("audio_caption", "visual_caption")
PER_SECOND = "temporal_scores"
TIMING = ("sync_offset_s", "sync_confidence", "sync_drift")


def columns(alignment: str, temporal: str) -> set[str]:
    """Every column that an observation is made of, where a recipe has it."""
    return {*CAPTIONS, alignment, temporal, PER_SECOND, *TIMING}


def observe(
    clip: Clip,
    found: Mapping[str, Any],
    *,
    alignment: str,
    temporal: str,
    target_lufs: float | None = None,
) -> Observation:
    """What is known of a clip whose columns were `found`; what no step gives is null."""
    sound = clip.audio()
    heard = hearing.hear(sound, RELEASE_RATE_HZ, target_lufs=target_lufs)
    offset_s, confidence, drift = map(found.get, TIMING)
    return Observation(
        duration_s=len(sound) / RELEASE_RATE_HZ,
        audio_caption=found.get(CAPTIONS[0]),
        visual_caption=found.get(CAPTIONS[1]),
        scores=Scores(
            alignment=found.get(alignment),
            temporal=found.get(temporal),
            soundness=heard.soundness,
        ),
        temporal_scores=tuple(found.get(PER_SECOND) or ()),
        noise=heard.noise,
        timing=Timing(offset_s=offset_s, confidence=confidence, drift=drift),
        level=heard.level,
        blanks=heard.blanks,
    )
