"""What the towers are trained for: meaning and events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

from acav1m.models.features import SECOND
from acav1m.models.train.network import Embedded, normalise

if TYPE_CHECKING:
    import numpy as np

    from acav1m.models.train.batch import Batch

SAME_EVENT_WEIGHT = 0.1
"""Another clip of the same event is a weak negative: little but chance tells the two apart."""

SAME_EVENT_TEXT_WEIGHT = 0.3


def total(
    model: Embedded, batch: Batch, nothing: tuple[Tensor, Tensor], rng: np.random.Generator
) -> Tensor:
    """Add up all losses for a batch, and for sound and pictures in which no event happens."""
    n = len(batch.event)
    heard = model.audio(torch.cat([batch.mel, nothing[0]]))
    seen = model.picture(torch.cat([batch.images, nothing[1]]))
    audio = clip_vectors(model.audio_pool, heard, rng)
    picture = clip_vectors(model.picture_pool, seen, rng)
    return (
        instance(model, audio, picture, batch.event)
        + language(model, audio[:n], picture[:n], batch)
        + events(model.audio_events(audio), batch.event)
        + events(model.picture_events(picture), batch.event)
    )


def clip_vectors(pool: torch.nn.Module, frames: Tensor, rng: np.random.Generator) -> Tensor:
    """Pool one to four seconds anywhere, add them up, normalise: a clip of any length."""
    last = frames.shape[1] - SECOND
    begins = rng.integers(0, last + 1, int(rng.integers(1, 5)))
    return normalise(sum(pool(frames[:, b : b + SECOND]) for b in begins))


def instance(model: Embedded, audio: Tensor, picture: Tensor, event: Tensor) -> Tensor:
    """Sigmoid loss over all pairs (SigLIP, 2023): only a clip's own sound matches.

    Clips past the end of `event` match nothing, not even themselves.
    """
    nothing = len(audio) - len(event)
    own = F.pad(torch.eye(len(event)), (0, nothing, 0, nothing))
    same = F.pad((event[:, None] == event).float(), (0, nothing, 0, nothing))
    weight = 1 - (1 - SAME_EVENT_WEIGHT) * (same - own)
    return pairwise(model, 0, audio, picture, own, weight)


def language(model: Embedded, audio: Tensor, picture: Tensor, batch: Batch) -> Tensor:
    """Sigmoid losses among texts (captions of one event match) and from texts to media.

    A sentence that names the event but another colour or tone is a weak negative for the media.
    """
    heard, seen, both = batch.texts
    said = [normalise(model.text(text.ids, text.mask)) for text in batch.texts]
    same = (batch.event[:, None] == batch.event).float()
    every = torch.ones_like(same)
    losses = [
        pairwise(model, 1, said[i], said[j], same, every) for i, j in ((0, 1), (0, 2), (1, 2))
    ]
    for media, (text, vector) in (
        (audio, (heard, said[0])),
        (audio, (both, said[2])),
        (picture, (seen, said[1])),
        (picture, (both, said[2])),
    ):
        exact = (text.sentence[:, None] == text.sentence).float()
        weight = 1 - (1 - SAME_EVENT_TEXT_WEIGHT) * (same - exact)
        losses.append(pairwise(model, 2, media, vector, exact, weight))
    return torch.stack(losses).mean()


def pairwise(
    model: Embedded, which: int, x: Tensor, y: Tensor, same: Tensor, weight: Tensor
) -> Tensor:
    """Binary cross-entropy of scaled cosines, per row, with a learned scale and bias."""
    logit = model.scale[which].exp() * (x @ y.T) + model.bias[which]
    loss = F.binary_cross_entropy_with_logits(logit, same, weight, reduction="sum")
    return loss / len(x)


def events(logits: Tensor, event: Tensor) -> Tensor:
    """One yes or no per event; clips past the end of `event` hold none of them."""
    target = torch.zeros_like(logits)
    target[torch.arange(len(event)), event] = 1
    return F.binary_cross_entropy_with_logits(logits, target, reduction="sum") / len(logits)
