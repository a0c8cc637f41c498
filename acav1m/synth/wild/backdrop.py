"""Places in the wild: cluttered, plain, indoors, outdoors, lit from somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from acav1m.synth.wild import texture

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.wild.beat import Floats
    from acav1m.synth.wild.texture import Picture


def paint(rng: Generator, width: int, height: int) -> Picture:
    """Paint a place of that size: surfaces, a floor, clutter, light falling across."""
    colours = texture.palette(rng, 6)
    image = texture.fabric(rng, width, height, colours)
    if rng.random() < 0.35:
        _floor(rng, image, colours)
    clutter = rng.choice((0, 6, 20, 80, 250), p=(0.2, 0.2, 0.2, 0.2, 0.2))
    texture.leaves(rng, image, colours, int(clutter))
    if rng.random() < 0.4:
        _lines(rng, image, colours)
    return _lit(rng, image)


def _floor(rng: Generator, image: Picture, colours: Floats) -> None:
    """Lay a floor whose boards run to a point far off."""
    height, width = image.shape[:2]
    top = int(height * rng.uniform(0.45, 0.8))
    image[top:] = texture.fabric(rng, width, height - top, colours)
    far, tone = width * rng.uniform(0.2, 0.8), tuple(colours[rng.integers(len(colours))])
    if rng.random() < 0.6:
        for x in np.arange(-width, 2 * width, rng.uniform(12, 40)):
            near = (round(float(x)), height)
            cv2.line(image, (round(far + 0.3 * (x - far)), top), near, tone, 1, cv2.LINE_AA)


def _lines(rng: Generator, image: Picture, colours: Floats) -> None:
    """Draw edges: window bars, poles, cables, shelves."""
    height, width = image.shape[:2]
    for _ in range(int(rng.integers(1, 8))):
        tone, thick = tuple(colours[rng.integers(len(colours))]), int(rng.integers(1, 6))
        x1, x2 = (int(v) for v in rng.integers(0, width, 2))
        y1, y2 = (int(v) for v in rng.integers(0, height, 2))
        ends = (((x1, 0), (x1, height)), ((0, y1), (width, y1)), ((x1, y1), (x2, y2)))
        start, end = ends[int(rng.integers(3))]
        cv2.line(image, start, end, tone, thick, cv2.LINE_AA)


def _lit(rng: Generator, image: Picture) -> Picture:
    """Let light fall unevenly, and put the place more or less out of focus."""
    height, width = image.shape[:2]
    uneven = texture.octaves(rng, width, height, 0.25) * rng.uniform(0, 0.35)
    lit = np.clip(image * np.exp(uneven)[..., None], 0, 255).astype(np.uint8)
    softness = rng.choice((0.0, 0.5, 1.0, 2.5), p=(0.6, 0.15, 0.15, 0.1))
    return np.asarray(cv2.GaussianBlur(lit, (0, 0), softness)) if softness else lit
