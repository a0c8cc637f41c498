"""The embedded tri-modal model: sound, picture and text in one space, on onnxruntime alone.

Small (about 0.6 million parameters) and trained on rendered clips only, so that the demo and the
tests need no download; `cards/embedded.md` says what it is fit for. `shipped.py` has its weights.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m.calibration.map import Calibration
from acav1m.models import features, shipped
from acav1m.models.timing import cells, lags, onset_motion, sound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from acav1m.clip import Clip

STRETCH = 500
"""Frames (20 or 40 s) that go through a part at once."""

REACH = 12
"""Frames to either side that can touch a frame's vector, rounded up."""

_in_use = ContextVar("embedded weights", default=shipped.WEIGHTS)


@dataclass(frozen=True)
class Embedding:
    """L2-normalised float32 vectors: `clip` (128,) and `seconds` (n, 128)."""

    clip: NDArray[np.float32]
    seconds: NDArray[np.float32]


class Embedded:
    """Encodes clips and texts, one thread, the same numbers each time.

    Raises:
        AcavError: Weights are missing or are not the ones the index names.
    """

    def __init__(self, folder: Path = shipped.WEIGHTS) -> None:
        self._checksum = shipped.checksum(folder)
        index = shipped.index(folder)
        self.events: tuple[str, ...] = tuple(index["events"])
        self.captions: dict[str, dict[str, list[str]]] = index["captions"]
        self.calibration = {k: Calibration(**v) for k, v in index["calibration"].items()}
        self._nothing = float(index["nothing_seen"])
        self._parts = {Path(name).stem: shipped.part(folder, name) for name in index["files"]}

    def checksum(self) -> str:
        """Return the SHA-256 that stands for weights and calibration together."""
        return self._checksum

    def encode_audio(self, clip: Clip) -> Embedding:
        """Embed what is heard."""
        return clip.memo((self._checksum, "audio"), lambda: self._pooled(clip, "audio"))

    def encode_video(self, clip: Clip) -> Embedding:
        """Embed what is seen."""
        key = (self._checksum, "picture", features.seconds(clip))
        return clip.memo(key, lambda: self._pooled(clip, "picture"), of_pictures=True)

    def encode_text(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts, shape (texts, 128); only words met in training mean anything."""
        ids, mask = features.text(texts)
        return _normalised(self._run("text", ids=ids, mask=mask))

    def evidence(self, clip: Clip) -> lags.Evidence:
        """Say how well sound and picture go together at every lag within 3 s."""
        return clip.memo((self._checksum, "evidence"), lambda: self._evidence(clip))

    def audio_events(self, clip: Clip) -> dict[str, float]:
        """Probability of each known event from the sound alone; all low means something else."""
        return self._events("audio_events", self.encode_audio(clip))

    def picture_events(self, clip: Clip) -> dict[str, float]:
        """Probability of each known event from the picture alone."""
        return self._events("picture_events", self.encode_video(clip))

    def _evidence(self, clip: Clip) -> lags.Evidence:
        changes = cells.changes(clip)
        mel = sound.mel(clip.audio(features.RATE_HZ), len(changes))
        heard = self._tower("sound_curve", "heard", sound.channels(mel), sound.MELS_PER_FRAME)
        seen = clip.memo(
            (self._checksum, "picture curves"),
            lambda: self._tower("picture_curves", "seen", cells.channels(changes), 1),
            of_pictures=True,
        )
        curves = onset_motion.beside(heard, seen, mel, changes)
        return lags.compare(*curves, features.seconds(clip), self._nothing)

    def _pooled(self, clip: Clip, tower: str) -> Embedding:
        begins = features.starts(features.seconds(clip)) + features.CONTEXT
        windows = _cut(self._frames(clip, tower), begins, features.SECOND)
        pooled = self._run(f"{tower}_pool", frames=windows)
        return Embedding(_normalised(pooled.sum(axis=0)), _normalised(pooled))

    def _frames(self, clip: Clip, tower: str) -> NDArray[np.float32]:
        """One vector per 80 ms, context included."""
        found: NDArray[np.float32] = clip.memo(
            (self._checksum, "frames", tower, features.seconds(clip)),
            lambda: (
                self._tower("audio", "mel", features.clip_mel(clip), features.MELS_PER_FRAME)
                if tower == "audio"
                else self._tower("picture", "images", features.clip_pictures(clip), 1)
            ),
            of_pictures=tower == "picture",
        )
        return found

    def _tower(
        self, part: str, name: str, seen: NDArray[Any], per_frame: int
    ) -> NDArray[np.float32]:
        """Encode in stretches, so that a long clip needs no more memory than a short one."""
        pieces = []
        for begin in range(0, len(seen) // per_frame, STRETCH):
            low = max(begin - REACH, 0)
            piece = seen[low * per_frame : (begin + STRETCH + REACH) * per_frame]
            encoded = self._run(part, **{name: piece[None].astype(np.float32)})[0]
            pieces.append(encoded[begin - low : begin - low + STRETCH])
        return np.concatenate(pieces)

    def _events(self, head: str, embedding: Embedding) -> dict[str, float]:
        logits = self._run(head, embedding=embedding.clip[None])[0]
        return {
            event: float(p) for event, p in zip(self.events, 1 / (1 + np.exp(-logits)), strict=True)
        }

    def _run(self, part: str, **inputs: Any) -> NDArray[np.float32]:
        (found,) = self._parts[part].run(None, inputs)
        return np.asarray(found, dtype=np.float32)


def load() -> Embedded:
    """Return the model in use, opened once per process."""
    return _opened(_in_use.get())


def evidence(clip: Clip) -> lags.Evidence:
    """Return what the model in use says of a clip's timing."""
    return load().evidence(clip)


def calibration() -> Mapping[str, Calibration]:
    """Return the maps of the scores by column, fitted on rendered clips."""
    return load().calibration


def checksum() -> str:
    """Return the checksum of the model in use without opening it, for cache keys."""
    return shipped.checksum(_in_use.get())


@contextmanager
def using(folder: Path) -> Iterator[None]:
    """Let all steps use the weights in `folder` for a while: to measure them before they ship."""
    before = _in_use.set(folder)
    try:
        yield
    finally:
        _in_use.reset(before)


@cache
def _opened(folder: Path) -> Embedded:
    return Embedded(folder)


def _cut(frames: NDArray[np.float32], begins: NDArray[np.int64], count: int) -> NDArray[np.float32]:
    windows: NDArray[np.float32] = frames[begins[:, None] + np.arange(count)]
    return windows


def _normalised(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: NDArray[np.float32] = (vectors / np.maximum(length, 1e-12)).astype(np.float32)
    return unit
