"""Raw scores of matched and mismatched pairs of held-out clips, to calibrate on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch

from acav1m.calibration.fit import fit
from acav1m.calibration.map import Calibration
from acav1m.models import features
from acav1m.models.features import CONTEXT, SECOND
from acav1m.models.train.heads import LAGS
from acav1m.models.train.network import Embedded, normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from acav1m.models.train.corpus import Example


class Pairs(NamedTuple):
    """Raw scores of one kind."""

    matched: NDArray[np.float64]
    mismatched: NDArray[np.float64]


def calibrate(model: Embedded, examples: Sequence[Example], seed: int) -> dict[str, Calibration]:
    """Fit the line of every score."""
    return {name: fit(*both) for name, both in pairs(model, examples, seed).items()}


@torch.no_grad()
def pairs(model: Embedded, examples: Sequence[Example], seed: int) -> dict[str, Pairs]:
    """Score pairs: other events for `instance` and `language`, shifts for `temporal`."""
    rng = np.random.default_rng([seed, 2])
    heard = torch.cat([model.audio(_one(e.mel)) for e in examples])
    seen = torch.cat([model.picture(_one(e.pictures)) for e in examples])
    event = np.array([e.event for e in examples])
    return {
        "instance": _among(
            _clips(model.audio_pool, heard), _clips(model.picture_pool, seen), event
        ),
        "language": _among(
            _texts(model, [e.audio_caption for e in examples]),
            _texts(model, [e.visual_caption for e in examples]),
            event,
        ),
        "temporal": _in_time(model, heard, seen, rng),
    }


def _one(stored: NDArray[np.generic]) -> Tensor:
    return torch.from_numpy(stored[None].astype(np.float32))


def _begins(frames: Tensor) -> NDArray[np.int64]:
    """First frame of each second, context counted."""
    n_seconds = (frames.shape[1] - 2 * CONTEXT) * 2 // 25
    return features.starts(n_seconds) + CONTEXT


def _clips(pool: torch.nn.Module, frames: Tensor) -> Tensor:
    total: Tensor = sum(pool(frames[:, b : b + SECOND]) for b in _begins(frames))
    return normalise(total)


def _texts(model: Embedded, texts: Sequence[str]) -> Tensor:
    ids, mask = features.text(texts)
    return normalise(model.text(torch.from_numpy(ids), torch.from_numpy(mask)))


def _among(x: Tensor, y: Tensor, event: NDArray[np.int64]) -> Pairs:
    cosines = (x @ y.T).double().numpy()
    return Pairs(np.diag(cosines).copy(), cosines[event[:, None] != event])


def _in_time(model: Embedded, heard: Tensor, seen: Tensor, rng: np.random.Generator) -> Pairs:
    matched: list[Tensor] = []
    mismatched: list[Tensor] = []
    last = heard.shape[1] - SECOND - LAGS + 1
    for begin in _begins(seen):
        picture = seen[:, begin : begin + SECOND]
        lags = np.arange(last + 1) - (begin - CONTEXT)
        late = int(rng.choice(lags[(abs(lags) >= 3) & (abs(lags) <= 25)]))
        for scores, lag in ((matched, 0), (mismatched, late)):
            first = begin - CONTEXT + lag
            scores.append(model.sync(heard[:, first : first + SECOND + LAGS - 1], picture))
    return Pairs(torch.cat(matched).double().numpy(), torch.cat(mismatched).double().numpy())
