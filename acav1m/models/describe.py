"""Sentences for a clip: the event's own, chosen by how near their text lies to sound or picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.models import evidence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from acav1m.clip import Clip
    from acav1m.models.embedded import Embedded


def sound(model: Embedded, clip: Clip, min_confidence: float) -> str | None:
    """Describe what is heard, from the sound alone; None when silent or not recognised."""
    if not evidence.heard(clip).any():
        return None
    event = top(model.audio_events(clip), min_confidence)
    return event and nearest(model, model.captions[event]["audio"], model.encode_audio(clip).clip)


def picture(model: Embedded, clip: Clip, min_confidence: float) -> str | None:
    """Describe what is seen, from the picture alone; None when it is not recognised."""
    event = top(model.picture_events(clip), min_confidence)
    return event and nearest(model, model.captions[event]["visual"], model.encode_video(clip).clip)


def both(model: Embedded, heard: str | None, seen: str | None) -> str | None:
    """Condense the two sentences: one where they agree, both where they differ."""
    if heard is None or seen is None:
        return heard or seen
    event = event_of(model, "audio", heard)
    if event != event_of(model, "visual", seen):
        return f"{seen}; heard: {heard}"
    return nearest(model, model.captions[event]["both"], model.encode_text([heard, seen]).sum(0))


def top(probabilities: Mapping[str, float], least: float) -> str | None:
    """Return the most probable event if it is at least that probable.

    >>> top({"bell": 0.9, "drum": 0.2}, 0.5)
    'bell'
    >>> top({"bell": 0.3, "drum": 0.2}, 0.5)
    """
    event = max(probabilities, key=lambda name: probabilities[name])
    return event if probabilities[event] >= least else None


def nearest(model: Embedded, sentences: Sequence[str], vector: NDArray[np.float32]) -> str:
    """Return the sentence whose embedding is most along `vector`."""
    return sentences[int(np.argmax(model.encode_text(sentences) @ vector))]


def event_of(model: Embedded, kind: str, sentence: str) -> str:
    """Return the event that one of the model's own sentences is about."""
    return next(event for event, said in model.captions.items() if sentence in said[kind])
