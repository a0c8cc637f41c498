"""Rendered clips as features in memory, each taken through the files a build would make."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from acav1m.models import features
from acav1m.models.timing import cells, sound
from acav1m.models.train.takes import FRAMES, Take
from acav1m.signals import RATE_HZ
from acav1m.synth import scene
from acav1m.synth.music import tune
from acav1m.synth.wild.clip import wild
from acav1m.testing import from_arrays

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from acav1m.clip import Clip

SECONDS = 5.0
WILD_SECONDS = 8.0

BEFORE = 62
"""Frames of sound before and after a rendered clip's pictures, just under `scene.MARGIN_S`."""


@dataclass(frozen=True)
class Example:
    """One clip of a known event: `mel` float16, `pictures` uint8, and what is said of both."""

    event: int
    mel: NDArray[np.float16]
    pictures: NDArray[np.uint8]
    audio_caption: str
    visual_caption: str
    caption: str


@dataclass(frozen=True)
class Corpus:
    """What there is to train on: clips of known events for meaning, all clips for timing."""

    examples: list[Example]
    takes: list[Take]


def corpus(clips: int, wild_clips: int, seed: int, workers: int = 1) -> Corpus:
    """Render so many clips of either kind, events in turn.

    A clip depends on its number and the seed alone. Wild clips of no known event have no meaning
    to learn, only timing.
    """
    made = _every(partial(performance, seed=seed), clips, workers)
    made += _every(partial(wild_performance, seed=seed), wild_clips, workers)
    return Corpus([one for one, _ in made if one is not None], [take for _, take in made])


def tunes(count: int, seed: int) -> list[NDArray[np.float16]]:
    """Log-mel of music over no event: what is dubbed on films and tells nothing of them."""
    return [_tune(np.random.default_rng([seed, 3, number])) for number in range(count)]


def performance(number: int, seed: int) -> tuple[Example | None, Take]:
    """Render, encode, decode, and keep what the model will take in."""
    rng = np.random.default_rng([seed, number])
    event = number % len(scene.events())
    name, clip_seed = scene.events()[event], int(rng.integers(2**31))
    rendered = scene.render(name, clip_seed, seconds=SECONDS)
    clip = from_arrays(rendered.frames, rendered.fps, rendered.audio, rendered.rate_hz)
    margin_s = BEFORE / RATE_HZ
    around = scene.heard(
        name,
        clip_seed,
        SECONDS,
        features.RATE_HZ,
        start_s=-margin_s,
        length_s=SECONDS + 2 * margin_s,
    )
    captions = (rendered.caption, rendered.audio_caption, rendered.visual_caption)
    return _example(event, clip, *captions), _take(clip, around, BEFORE)


def wild_performance(number: int, seed: int) -> tuple[Example | None, Take]:
    """Likewise for a clip whose looks and sounds are drawn at random."""
    rng = np.random.default_rng([seed, 5, number])
    made = wild(int(rng.integers(2**31)), seconds=WILD_SECONDS)
    clip = from_arrays(made.frames, made.fps, made.audio, made.rate_hz)
    take = _take(clip, clip.audio(features.RATE_HZ), 0)
    if made.event is None or made.captions is None:
        return None, take
    return _example(scene.events().index(made.event), clip, *made.captions), take


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


def _every(
    make: Callable[[int], tuple[Example | None, Take]], count: int, workers: int
) -> list[tuple[Example | None, Take]]:
    if workers == 1:
        return [make(number) for number in range(count)]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(make, range(count), chunksize=4))


def _example(event: int, clip: Clip, both: str, audio: str, visual: str) -> Example:
    return Example(
        event=event,
        mel=features.clip_mel(clip).astype(np.float16),
        pictures=features.clip_pictures(clip),
        audio_caption=audio,
        visual_caption=visual,
        caption=both,
    )


def _take(clip: Clip, around: NDArray[np.float32], before: int) -> Take:
    """Changes of the pictures, at least one excerpt long, and the sound from `before` them on."""
    changes = cells.changes(clip)
    lacking = ((0, max(0, FRAMES - len(changes))), (0, 0), (0, 0))
    changes = np.pad(changes, lacking)
    mel = sound.mel(around, len(changes) + 2 * before)
    return Take(changes.astype(np.float16), mel.astype(np.float16), before)


def _tune(rng: np.random.Generator) -> NDArray[np.float16]:
    samples = tune(rng, round(SECONDS * features.RATE_HZ), features.RATE_HZ)
    samples *= 10 ** (rng.uniform(-30, -2) / 20) / np.abs(samples).max()
    return features.mel(samples.astype(np.float32), features.length(int(SECONDS))).astype(
        np.float16
    )
