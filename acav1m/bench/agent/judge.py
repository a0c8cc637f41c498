"""A second opinion on what is heard: no neural network, fitted on the spot to other sounds.

Whoever takes only edits that raise a score raises that score. So what comes of it is judged by
another kind of listener too: multinomial logistic regression on statistics of log-mel levels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self
from zlib import crc32

import numpy as np

from acav1m.models import features
from acav1m.synth import scene

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from acav1m.agent.action import Samples

    Floats = NDArray[np.float64]

TAKES = 12
"""Clean sounds of each event that it learns from."""

SECONDS = 5.0
RIDGE = 0.3
"""Weight of the squared coefficients, whose features have a spread of 1."""

RANGE_DB = 50.0
"""How far below its loudest band and moment a sound is listened to."""

SPREAD_DB = 0.1
DIGITS = 6


class Judge(NamedTuple):
    """What it learnt: a row of weights for each event, the last of which is its bias."""

    events: tuple[str, ...]
    middle: Floats
    spread: Floats
    weights: Floats

    @classmethod
    def fitted(cls, seed: int, takes: int) -> Self:
        """Learn from so many sounds of each event, of seeds that no benchmark's clip has."""
        events = tuple(scene.events())
        sounds = [
            (n, _sound(seed, event, k)) for n, event in enumerate(events) for k in range(takes)
        ]
        found = np.array([_features(sound) for _, sound in sounds])
        middle, spread = found.mean(axis=0), np.maximum(found.std(axis=0), SPREAD_DB)
        weights = _fit((found - middle) / spread, np.array([n for n, _ in sounds]), len(events))
        return cls(events, *(np.round(x, DIGITS) for x in (middle, spread, weights)))

    @classmethod
    def made(cls, spec: Mapping[str, Any]) -> Self:
        """The judge that `spec` tells of."""
        parts = (np.array(spec[name]) for name in ("middle", "spread", "weights"))
        return cls(tuple(spec["events"]), *parts)

    def spec(self) -> dict[str, Any]:
        """As JSON, for a worker."""
        parts = {name: getattr(self, name).tolist() for name in ("middle", "spread", "weights")}
        return {"events": list(self.events), **parts}

    def probability(self, audio: Samples, event: str) -> float | None:
        """How likely it is that this (n,) at 16 kHz is the sound of that event; None if silent."""
        if not np.any(audio):
            return None
        logits = _with_one((_features(audio) - self.middle) / self.spread) @ self.weights.T
        return float(_softmax(logits)[self.events.index(event)])


def _sound(seed: int, event: str, take: int) -> Samples:
    rng = np.random.default_rng([seed, crc32(b"judge"), crc32(event.encode()), take])
    return scene.heard(event, int(rng.integers(2**31)), SECONDS, features.RATE_HZ)


def _features(audio: Samples) -> Floats:
    """Of each mel band: mean level, its spread, and how fast it changes; (192,).

    Silence does not count, and what is far below the loudest is as good as silent: neither a
    clip's empty ends nor a floor that a filter took away make it another sound.
    """
    frames = max(1, len(audio) // (features.MELS_PER_FRAME * features.HOP))
    context = features.CONTEXT * features.MELS_PER_FRAME
    loudest = np.float32(1 / np.abs(audio).max())
    levels_db = 50 * features.mel(audio * loudest, frames)[context:-context].astype(np.float64)
    bands = np.maximum(levels_db - levels_db.max(), -RANGE_DB)
    heard = bands[(bands > -RANGE_DB).any(axis=1)]
    change = np.abs(np.diff(heard, axis=0)).mean(axis=0) if len(heard) > 1 else 0 * heard[0]
    return np.concatenate([heard.mean(axis=0), heard.std(axis=0), change])


def _fit(found: Floats, truth: NDArray[np.int64], classes: int) -> Floats:
    """Weights of least log loss and ridge, (classes, features + 1); the bias is free."""
    from scipy.optimize import minimize

    seen, wanted = _with_one(found), np.eye(classes)[truth]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(classes, -1)
        chance = _softmax(seen @ weights.T)
        held = weights * ([1.0] * found.shape[1] + [0.0])
        lost = -np.log(np.maximum(chance[wanted > 0], 1e-12)).sum() + RIDGE / 2 * (held**2).sum()
        return float(lost), ((chance - wanted).T @ seen + RIDGE * held).ravel()

    start = np.zeros(classes * seen.shape[1])
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return np.asarray(best.x).reshape(classes, -1)


def _with_one(found: Floats) -> Floats:
    return np.concatenate([found, np.ones((*found.shape[:-1], 1))], axis=-1)


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))
