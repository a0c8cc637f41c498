"""Write the trained parts as ONNX and prove that they compute what torch computes."""

from __future__ import annotations

import hashlib
import json
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
import torch
from torch import nn

from acav1m.models.features import BANDS, BUCKETS, CONTEXT, MELS_PER_FRAME, SECOND
from acav1m.models.shipped import INDEX
from acav1m.models.timing import cells, sound
from acav1m.models.train.network import Embedded
from acav1m.models.train.timing import Timing
from acav1m.models.train.towers import WIDTH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TOLERANCE = 1e-4
Inputs = dict[str, tuple[torch.Tensor, dict[int, str]]]
"""Input name to an example and its dimensions of any size."""


def export(model: Embedded, timing: Timing, folder: Path) -> dict[str, float]:
    """Write one file per part; return how far each is from torch at most.

    Raises:
        RuntimeError: A part differs by more than rounding explains.
    """
    gaps = {}
    parts: list[tuple[nn.Module, str, Inputs]] = [
        (model, name, inputs) for name, inputs in _inputs().items()
    ]
    parts += [(timing, name, inputs) for name, inputs in _timing_inputs().items()]
    for whole, name, inputs in parts:
        part = getattr(whole, name).eval()
        path = folder / f"{name}.onnx"
        _write(part, inputs, path)
        gaps[name] = _gap(part, inputs, path)
        if gaps[name] > TOLERANCE:
            raise RuntimeError(f"{path.name} differs from torch by {gaps[name]:.2g}")
    return gaps


def write_index(folder: Path, about: Mapping[str, Any]) -> None:
    """Write the index: `about`, and the checksum of every part."""
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*.onnx"))
    }
    text = json.dumps({**about, "files": files}, indent=1, sort_keys=True)
    (folder / INDEX).write_text(text + "\n")


def _inputs() -> dict[str, Inputs]:
    draw = torch.Generator().manual_seed(0)
    frames = 2 * SECOND + 2 * CONTEXT
    mel = torch.rand(2, frames * MELS_PER_FRAME, BANDS, generator=draw)
    images = torch.rand(2, frames, 64, 64, 3, generator=draw) * 255
    ids = torch.randint(0, BUCKETS, (3, 9), generator=draw)
    second = torch.randn(3, SECOND, WIDTH, generator=draw)
    embedding = torch.randn(3, WIDTH, generator=draw)
    many = {0: "n"}
    return {
        "audio": {"mel": (mel, {0: "n", 1: "mels"})},
        "picture": {"images": (images, {0: "n", 1: "frames"})},
        "text": {
            "ids": (ids, {0: "n", 1: "most"}),
            "mask": (torch.ones(3, 9), {0: "n", 1: "most"}),
        },
        "audio_pool": {"frames": (second, many)},
        "picture_pool": {"frames": (second, many)},
        "audio_events": {"embedding": (embedding, many)},
        "picture_events": {"embedding": (embedding, many)},
    }


def _timing_inputs() -> dict[str, Inputs]:
    draw = torch.Generator().manual_seed(1)
    frames = 32
    heard = torch.rand(2, frames * sound.MELS_PER_FRAME, sound.CHANNELS, generator=draw)
    seen = torch.rand(2, frames, cells.PLACES, cells.CHANNELS, generator=draw)
    return {
        "sound_curve": {"heard": (heard, {0: "n", 1: "mels"})},
        "picture_curves": {"seen": (seen, {0: "n", 1: "frames"})},
    }


def _write(part: nn.Module, inputs: Inputs, path: Path) -> None:
    with warnings.catch_warnings():
        # The newer exporter needs another package and gives a slower, larger graph.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            part,
            tuple(example for example, _ in inputs.values()),
            str(path),
            dynamo=False,
            opset_version=17,
            input_names=list(inputs),
            output_names=["out"],
            dynamic_axes={**{k: axes for k, (_, axes) in inputs.items()}, "out": {0: "n"}},
        )


def _gap(part: nn.Module, inputs: Inputs, path: Path) -> float:
    """Compare at other sizes than those exported, so that a fixed one would show."""
    smaller = [
        example[:1, : example.shape[1] // 2] if 1 in axes else example[:1]
        for example, axes in inputs.values()
    ]
    with torch.no_grad():
        expected = part(*smaller).numpy()
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    given = {name: value.numpy() for name, value in zip(inputs, smaller, strict=True)}
    (found,) = session.run(None, given)
    return float(np.abs(found - expected).max() / (np.abs(expected).max() + 1e-9))
