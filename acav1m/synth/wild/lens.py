"""What optics, sensors, codecs and editors do to pictures."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from acav1m.synth.wild import texture
from acav1m.synth.wild.beat import beats
from acav1m.synth.wild.curve import flare, wander

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.rhythm import Rhythm
    from acav1m.synth.wild.beat import Floats

    Pictures = NDArray[np.uint8]


def spoil(rng: Generator, frames: Pictures, times_s: Floats) -> None:
    """Do to the pictures, in place, what happens on the way from the light to the file."""
    _focus(rng, frames)
    _expose(rng, frames, times_s)
    _grain(rng, frames)
    if rng.random() < 0.12:
        frames[:] = _grey(frames)
    if rng.random() < 0.3:
        _overlay(rng, frames, times_s)
    if rng.random() < 0.12:
        _bars(rng, frames)
    if rng.random() < 0.2:
        _starve(rng, frames)
    elif rng.random() < 0.2:
        _squeeze(rng, frames)


def flash(rng: Generator, frames: Pictures, rhythm: Rhythm, times_s: Floats) -> None:
    """Light up the whole place at every hit, in place."""
    glow = rng.uniform(0.15, 1.0) * flare(rng)(beats(rhythm, times_s))
    tint = rng.uniform(0.6, 1.0, 3)
    for frame, light in zip(frames, glow.tolist(), strict=True):
        if light > 0.01:
            table = np.clip(np.arange(256)[:, None] * (1 + light) + 60 * light * tint, 0, 255)
            cv2.LUT(frame, table.astype(np.uint8)[None], frame)


def _focus(rng: Generator, frames: Pictures) -> None:
    """Put it out of focus, or sharpen it as phones and cameras do."""
    sigma = float(rng.choice((0.0, 0.5, 0.9, 1.6), p=(0.65, 0.15, 0.12, 0.08)))
    edge = float(rng.choice((0.0, rng.uniform(0.3, 1.5)))) if sigma < 0.6 else 0.0
    for frame in frames:
        if sigma:
            cv2.GaussianBlur(frame, (0, 0), sigma, dst=frame)
        if edge:
            cv2.addWeighted(frame, 1 + edge, cv2.GaussianBlur(frame, (0, 0), 1.0), -edge, 0, frame)


def _expose(rng: Generator, frames: Pictures, times_s: Floats) -> None:
    """Set exposure, contrast, tint and vignette; let the light flicker or change."""
    wanted = np.clip(rng.normal(112, 28), 45, 180)  # as a camera's own exposure would have it
    gain = (wanted / max(float(frames[::8].mean()), 15.0)) ** 0.7 * rng.uniform(0.9, 1.1, 3)
    if rng.random() < 0.08:
        gain = gain * rng.uniform(0.15, 0.5)
    gamma, lift = np.exp(rng.normal(0, 0.15)), rng.choice((0.0, rng.uniform(0, 40)))
    tones = 255 * np.linspace(0, 1, 256) ** gamma
    table = np.clip(tones[:, None] * gain + lift, 0, 255)
    flicker = np.ones(len(frames))
    if rng.random() < 0.25:
        flicker += rng.uniform(0, 0.06) * wander(rng, times_s, 0.1, 3)
    if rng.random() < 0.08:
        flicker += rng.uniform(0, 0.04) * rng.standard_normal(len(frames))
    steady = table.astype(np.uint8)[None]
    shade = _vignette(rng, frames.shape[1], frames.shape[2]) if rng.random() < 0.3 else None
    for frame, light in zip(frames, flicker.tolist(), strict=True):
        look = steady if light == 1 else np.clip(table * light, 0, 255).astype(np.uint8)[None]
        cv2.LUT(frame, look, frame)
        if shade is not None:
            cv2.multiply(frame, shade, frame, 1 / 255)


def _vignette(rng: Generator, height: int, width: int) -> Pictures:
    across, down = np.linspace(-1, 1, width), np.linspace(-1, 1, height)[:, None]
    share = 1 - rng.uniform(0.1, 0.5) * (across**2 + down**2) / 2
    return np.ascontiguousarray(np.repeat((255 * share[..., None]).astype(np.uint8), 3, axis=2))


def _grain(rng: Generator, frames: Pictures) -> None:
    """Add sensor noise, coarse or fine, another piece of it to every picture."""
    amount = float(rng.choice((0.0, 1.0, 2.5, 5.0, 10.0), p=(0.5, 0.25, 0.14, 0.08, 0.03)))
    if not amount:
        return
    height, width = frames.shape[1:3]
    coarse, tint = int(rng.integers(1, 4)), float(rng.choice((0.0, 1.0)))
    size = (2 * height // coarse + 1, 2 * width // coarse + 1)
    noise = rng.standard_normal((*size, 1)) + tint * 0.7 * rng.standard_normal((*size, 3))
    fine = cv2.resize(noise * amount, (2 * width, 2 * height), interpolation=cv2.INTER_LINEAR)
    lighter = np.clip(fine, 0, 255).astype(np.uint8)
    darker = np.clip(-fine, 0, 255).astype(np.uint8)
    starts = rng.integers(0, (height, width), (len(frames), 2))
    for frame, (y, x) in zip(frames, starts.tolist(), strict=True):
        piece = np.s_[y : y + height, x : x + width]
        cv2.add(frame, lighter[piece], frame)
        cv2.subtract(frame, darker[piece], frame)


def _grey(frames: Pictures) -> Pictures:
    weights = np.array((77, 150, 29), np.uint16)
    return np.asarray(((frames * weights).sum(axis=-1, keepdims=True) >> 8).astype(np.uint8))


def _overlay(rng: Generator, frames: Pictures, times_s: Floats) -> None:
    """Lay a logo or a caption over it, which may come and go."""
    height, width = frames.shape[1:3]
    layer = np.zeros((height, width, 4), np.uint8)
    tone = tuple(int(c) for c in rng.choice(((255, 255, 255), (250, 230, 60), (20, 20, 20))))
    if rng.random() < 0.5:
        words = "".join(rng.choice(list("abcdefghij mnoprstu EATOL"), int(rng.integers(4, 18))))
        place = (int(rng.uniform(0.02, 0.3) * width), int(rng.uniform(0.85, 0.97) * height))
        cv2.putText(layer, words, place, 0, rng.uniform(0.2, 0.4), (*tone, 255), 1, cv2.LINE_AA)
    else:
        size, x, y = rng.uniform(0.04, 0.12), *rng.choice((0.1, 0.9), 2)
        points = texture.outline(rng, "blob") * size * height + (x * width, y * height)
        texture.fill(layer, points, (*(float(t) for t in tone), 255.0))
    start_s, end_s = np.sort(rng.uniform(-3, 8, 2))
    share = layer[..., 3:].astype(np.uint16)
    for frame, time_s in zip(frames, times_s.tolist(), strict=True):
        if start_s <= time_s <= end_s:
            frame[:] = (frame * (255 - share) + layer[..., :3] * share) // 255


def _bars(rng: Generator, frames: Pictures) -> None:
    """Leave black bars above and below, or left and right."""
    axis = int(rng.choice((1, 2)))
    thick = int(frames.shape[axis] * rng.uniform(0.04, 0.18))
    edges = np.moveaxis(frames, axis, 0)
    edges[:thick] = 0
    edges[len(edges) - thick :] = 0


def _starve(rng: Generator, frames: Pictures) -> None:
    """Give it few bits: a block stays as it was until it has changed enough."""
    size, patience = int(rng.choice((4, 8))), rng.uniform(2, 7)
    height, width = (side // size * size for side in frames.shape[1:3])
    for old, new in pairwise(frames):
        change = cv2.absdiff(old[:height, :width], new[:height, :width])
        blocks = change.reshape(height // size, size, width // size, size * 3)
        stays = blocks.mean(axis=(1, 3)) < patience
        if stays.all():
            new[:height, :width] = old[:height, :width]
        elif stays.any():
            kept = np.repeat(np.repeat(stays, size, 0), size, 1)
            new[:height, :width][kept] = old[:height, :width][kept]


def _squeeze(rng: Generator, frames: Pictures) -> None:
    """Take every picture through a poor JPEG."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(12, 70))]
    for frame in frames:
        coded = cv2.imencode(".jpg", frame, quality)[1]
        frame[:] = cv2.imdecode(coded, cv2.IMREAD_COLOR)
