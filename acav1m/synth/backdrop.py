"""What is behind an event: walls, floors, skies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from acav1m.synth.colour import shade

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.colour import RGB

BORDER = 0.15
"""A backdrop is larger than the picture by this share on each side, for the camera to roam."""


def paint(rng: Generator, width: int, height: int, *, night: bool) -> NDArray[np.uint8]:
    """Paint a backdrop: a wall or sky of some texture, and perhaps a floor."""
    w, h = round(width * (1 + 2 * BORDER)), round(height * (1 + 2 * BORDER))
    tone = _tone(rng, (4, 40) if night else (70, 215))
    image = _gradient(tone, shade(tone, float(rng.uniform(0.55, 0.95))), w, h)
    texture = rng.choice(("plain", "stars")) if night else rng.choice(tuple(_TEXTURES))
    {**_TEXTURES, "stars": _stars}[str(texture)](rng, image, tone)
    if not night and rng.random() < 0.7:
        _floor(rng, image)
    return image


def _tone(rng: Generator, span: tuple[int, int]) -> RGB:
    grey = rng.uniform(*span)
    hue = rng.uniform(-0.25, 0.25, 3) * grey
    r, g, b = np.clip(grey + hue, 0, 255).astype(int).tolist()
    return (r, g, b)


def _gradient(top: RGB, bottom: RGB, width: int, height: int) -> NDArray[np.uint8]:
    share = np.linspace(0, 1, height)[:, None, None]
    column = np.asarray(top) * (1 - share) + np.asarray(bottom) * share
    return np.ascontiguousarray(np.broadcast_to(column, (height, width, 3)).astype(np.uint8))


def _plain(rng: Generator, image: NDArray[np.uint8], tone: RGB) -> None:
    """Leave the gradient as it is."""


def _stripes(rng: Generator, image: NDArray[np.uint8], tone: RGB) -> None:
    step = int(rng.integers(10, 40))
    for x in range(0, image.shape[1] + image.shape[0], step):
        slant = int(image.shape[0] * 0.5) if rng.random() < 0.02 else 0
        cv2.line(image, (x, 0), (x - slant, image.shape[0]), shade(tone, 0.85), max(step // 3, 1))


def _bricks(rng: Generator, image: NDArray[np.uint8], tone: RGB) -> None:
    high = int(rng.integers(8, 18))
    mortar = shade(tone, float(rng.choice((0.75, 1.25))))
    for row, y in enumerate(range(0, image.shape[0], high)):
        cv2.line(image, (0, y), (image.shape[1], y), mortar, 1)
        for x in range(row % 2 * high, image.shape[1], 2 * high):
            cv2.line(image, (x, y), (x, y + high), mortar, 1)


def _blotches(rng: Generator, image: NDArray[np.uint8], tone: RGB) -> None:
    size = (image.shape[1], image.shape[0])
    coarse = rng.uniform(0.7, 1.2, (6, 8)).astype(np.float32)
    gain = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)[..., None]
    image[:] = np.clip(image * gain, 0, 255).astype(np.uint8)


def _frames(rng: Generator, image: NDArray[np.uint8], tone: RGB) -> None:
    """Hang windows or pictures on the wall."""
    for _ in range(int(rng.integers(1, 4))):
        x, y = int(rng.integers(0, image.shape[1])), int(rng.integers(0, image.shape[0] // 2))
        w, h = int(rng.integers(15, 45)), int(rng.integers(12, 36))
        cv2.rectangle(image, (x, y), (x + w, y + h), _tone(rng, (60, 230)), -1)
        cv2.rectangle(image, (x, y), (x + w, y + h), shade(tone, 0.5), 2)


def _stars(rng: Generator, image: NDArray[np.uint8], tone: RGB) -> None:
    count = int(rng.integers(15, 60))
    rows, columns = rng.integers(0, image.shape[0], count), rng.integers(0, image.shape[1], count)
    image[rows, columns] = rng.integers(90, 200, (count, 1))


def _floor(rng: Generator, image: NDArray[np.uint8]) -> None:
    top = int(image.shape[0] * rng.uniform(0.68, 0.8))
    tone = _tone(rng, (60, 190))
    image[top:] = _gradient(tone, shade(tone, 0.75), image.shape[1], image.shape[0] - top)
    if rng.random() < 0.5:
        for x in range(-image.shape[1], 2 * image.shape[1], int(rng.integers(20, 45))):
            far = image.shape[1] // 2 + (x - image.shape[1] // 2) // 2
            cv2.line(image, (far, top), (x, image.shape[0]), shade(tone, 0.8), 1, cv2.LINE_AA)


_TEXTURES = {
    "plain": _plain,
    "stripes": _stripes,
    "bricks": _bricks,
    "blotches": _blotches,
    "frames": _frames,
}
