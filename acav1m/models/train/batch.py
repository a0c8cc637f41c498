"""Draw training batches from examples in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from acav1m.models import features
from acav1m.models.features import MELS_PER_FRAME
from acav1m.models.train import nuisance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from acav1m.models.train.corpus import Example

CROP = 50
"""Frames of a training crop, 4 s."""

JITTER_MELS = 6
"""Sound may begin up to 60 ms off: meaning is not a matter of frames."""

WORDS_DROPPED = 0.1


@dataclass(frozen=True)
class Text:
    """Sentences: hashed pieces with their mask, and a number per distinct `sentence`."""

    ids: Tensor
    mask: Tensor
    sentence: Tensor


@dataclass(frozen=True)
class Batch:
    """Crops of some clips.

    `mel` (n, 400, 64) and `images` (n, 50, 64, 64, 3) begin together, give or take the jitter;
    `event` (n,) are indices, `texts` say what is heard, what is seen, and both.
    """

    mel: Tensor
    images: Tensor
    event: Tensor
    texts: tuple[Text, Text, Text]


def batches(
    examples: Sequence[Example], size: int, steps: int, rng: np.random.Generator
) -> Iterator[Batch]:
    """Draw so many batches; every clip is met once before any is met again."""
    order: list[int] = []
    for _ in range(steps):
        if len(order) < size:
            order = rng.permutation(len(examples)).tolist()
        chosen, order = order[:size], order[size:]
        yield _batch([examples[i] for i in chosen], rng)


def nothing(
    batch: Batch, count: int, tunes: Sequence[NDArray[np.float16]], rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Sound and pictures, of `batch`'s shapes, in which no known event happens.

    A quarter of the sound is noise, the rest music, half of that over a batch's sound.
    """
    shape = (count, *batch.mel.shape[1:])
    picks = rng.integers(0, len(tunes), count)
    music = torch.stack([torch.from_numpy(tunes[i][: shape[1]]).float() for i in picks])
    kinds = torch.from_numpy(rng.choice(3, (count, 1, 1), p=(0.25, 0.375, 0.375)))
    mel = torch.where(kinds == 0, nuisance.nothing_heard(shape, rng), music)
    drowned = nuisance.over(music, batch.mel[:count], nuisance.uniform(rng, count, 6, 18))
    mel = torch.where(kinds == 2, drowned, mel)
    return mel, nuisance.nothing_seen(batch.images[:count], rng)


def _batch(chosen: Sequence[Example], rng: np.random.Generator) -> Batch:
    crops = [_crop(one, rng) for one in chosen]
    return Batch(
        mel=nuisance.sound(torch.stack([mel for mel, _ in crops]).float(), rng),
        images=nuisance.picture(torch.stack([images for _, images in crops]), rng),
        event=torch.tensor([one.event for one in chosen]),
        texts=(
            _text([one.audio_caption for one in chosen], rng),
            _text([one.visual_caption for one in chosen], rng),
            _text([one.caption for one in chosen], rng),
        ),
    )


def _crop(one: Example, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    begin = int(rng.integers(0, len(one.pictures) - CROP + 1))
    last = len(one.mel) - CROP * MELS_PER_FRAME
    jitter = int(rng.integers(-JITTER_MELS, JITTER_MELS + 1))
    mel_begin = min(max(begin * MELS_PER_FRAME + jitter, 0), last)
    mel = torch.from_numpy(one.mel[mel_begin : mel_begin + CROP * MELS_PER_FRAME])
    return mel, torch.from_numpy(one.pictures[begin : begin + CROP])


def _text(sentences: Sequence[str], rng: np.random.Generator) -> Text:
    ids, mask = features.text(sentences)
    kept = mask * (rng.random(mask.shape) >= WORDS_DROPPED)
    distinct = {sentence: i for i, sentence in enumerate(dict.fromkeys(sentences))}
    number = torch.tensor([distinct[sentence] for sentence in sentences])
    return Text(torch.from_numpy(ids), torch.from_numpy(kept).float(), number)
