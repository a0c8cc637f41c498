"""Rendered clips as features in memory, each taken through the files a build would make."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from acav1m.models import features
from acav1m.synth import scene
from acav1m.synth.music import tune
from acav1m.testing import from_arrays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SECONDS = 5.0


@dataclass(frozen=True)
class Example:
    """One clip: `mel` float16, `pictures` uint8, and what is said of sound and picture."""

    event: int
    mel: NDArray[np.float16]
    pictures: NDArray[np.uint8]
    audio_caption: str
    visual_caption: str
    caption: str


def examples(clips: int, seed: int, workers: int = 1) -> list[Example]:
    """Render so many clips, events in turn; a clip depends on its number and the seed alone."""
    make = partial(example, seed=seed)
    if workers == 1:
        return [make(number) for number in range(clips)]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(make, range(clips), chunksize=4))


def tunes(count: int, seed: int) -> list[NDArray[np.float16]]:
    """Log-mel of music over no event: what is dubbed on films and tells nothing of them."""
    return [_tune(np.random.default_rng([seed, 3, number])) for number in range(count)]


def example(number: int, seed: int) -> Example:
    """Render, encode, decode, and keep what the model will take in."""
    rng = np.random.default_rng([seed, number])
    event = number % len(scene.events())
    rendered = scene.render(scene.events()[event], int(rng.integers(2**31)), seconds=SECONDS)
    clip = from_arrays(rendered.frames, rendered.fps, rendered.audio, rendered.rate_hz)
    return Example(
        event=event,
        mel=features.clip_mel(clip).astype(np.float16),
        pictures=features.clip_pictures(clip),
        audio_caption=rendered.audio_caption,
        visual_caption=rendered.visual_caption,
        caption=rendered.caption,
    )


def sentences(found: Sequence[Example]) -> dict[str, dict[str, list[str]]]:
    """Every sentence said of each event in the examples: by event, then audio, visual, both."""
    said: dict[str, dict[str, set[str]]] = {
        event: {"audio": set(), "visual": set(), "both": set()} for event in scene.events()
    }
    for one in found:
        kinds = said[scene.events()[one.event]]
        kinds["audio"].add(one.audio_caption)
        kinds["visual"].add(one.visual_caption)
        kinds["both"].add(one.caption)
    return {
        event: {kind: sorted(texts) for kind, texts in kinds.items()}
        for event, kinds in said.items()
    }


def _tune(rng: np.random.Generator) -> NDArray[np.float16]:
    samples = tune(rng, round(SECONDS * features.RATE_HZ), features.RATE_HZ)
    samples *= 10 ** (rng.uniform(-30, -2) / 20) / np.abs(samples).max()
    return features.mel(samples.astype(np.float32), features.length(int(SECONDS))).astype(
        np.float16
    )
