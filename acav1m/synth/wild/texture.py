"""Surfaces with the statistics of photographs: detail at every scale, and few related colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.wild.beat import Floats

Picture = NDArray[np.uint8]

SKIN = np.array(((92, 60, 45), (141, 96, 72), (198, 150, 120), (232, 190, 165)), float)


def palette(rng: Generator, count: int = 5) -> Floats:
    """Draw related colours, from greys to strong ones, each (r, g, b) from 0 to 255."""
    middle, spread = rng.uniform(50, 180), rng.uniform(25, 100)
    light = middle + spread * rng.standard_normal((count, 1))
    strength = rng.gamma(1.4, 0.18)
    hue = rng.standard_normal(3) + rng.uniform(0.2, 1.5) * rng.standard_normal((count, 3))
    hue -= hue.mean(axis=1, keepdims=True)
    return np.asarray(np.clip(light + light * strength * hue, 4, 250))


def skin(rng: Generator) -> Floats:
    """Draw the colour of somebody's skin in some light."""
    first, second = SKIN[rng.integers(0, len(SKIN), 2)]
    mixed = first + (second - first) * rng.random()
    return np.asarray(np.clip(mixed * rng.uniform(0.6, 1.15) * rng.uniform(0.92, 1.08, 3), 0, 255))


def octaves(rng: Generator, width: int, height: int, roughness: float) -> Floats:
    """Noise whose amplitude falls with frequency, at mean 0 and deviation 1; (height, width)."""
    field = np.zeros((height, width))
    cells = 2
    while cells < 2 * max(width, height):
        grain = rng.standard_normal((cells * height // width + 2, cells + 1))
        layer = cv2.resize(grain, (width, height), interpolation=cv2.INTER_CUBIC)
        field += layer * roughness ** np.log2(cells)
        cells *= 2
    return np.asarray((field - field.mean()) / max(float(field.std()), 1e-6))


def fabric(
    rng: Generator, width: int, height: int, colours: Floats, *, rough: float = 1.0
) -> Picture:
    """A surface between two of the colours: cloudy, striped, checked, speckled or plain."""
    first, second = colours[rng.choice(len(colours), 2)]
    kind = str(rng.choice(("cloudy", "cloudy", "striped", "checked", "speckled", "plain")))
    share = {"striped": _stripes, "checked": _checks, "speckled": _speckles}.get(kind, _clouds)(
        rng, width, height
    )
    share = share * (0.15 if kind == "plain" else rng.uniform(0.3, 1.0))
    depth = 40 * rough * rng.random() ** 2
    detail = octaves(rng, width, height, rng.uniform(0.6, 1.1)) * depth
    lit = first + (second - first) * share[..., None] + detail[..., None]
    return np.asarray(np.clip(lit, 0, 255).astype(np.uint8))


def leaves(rng: Generator, image: Picture, colours: Floats, count: int) -> None:
    """Strew opaque shapes of all sizes over a picture, many small ones and few large."""
    height, width = image.shape[:2]
    sizes = np.minimum(2.0 * rng.uniform(0.004, 1, count) ** -0.6, 0.45 * min(width, height))
    tones = colours[rng.integers(0, len(colours), count)] + rng.normal(0, 14, (count, 3))
    places = rng.uniform(0, 1, (count, 2)) * (width, height)
    for size, tone, (x, y) in zip(sizes, np.clip(tones, 0, 255), places.tolist(), strict=True):
        shape = outline(rng, str(rng.choice(("oval", "blob", "box", "spikes")))) * size + (x, y)
        fill(image, shape, tuple(float(c) for c in tone))


def outline(rng: Generator, kind: str) -> Floats:
    """Corners of a random shape about the origin with radius about 1, (corners, 2)."""
    if kind == "box":
        wide, turn = rng.uniform(0.3, 1), rng.choice((0.0, 0.0, rng.uniform(0, np.pi)))
        corners = np.array(((-wide, -1), (wide, -1), (wide, 1), (-wide, 1)))
        return np.asarray(corners @ rotation(turn))
    if kind == "spikes":
        angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(5, 9))))[:, None]
        radius = rng.uniform(0.5, 1.1, angles.shape)
        return np.concatenate((radius * np.cos(angles), radius * np.sin(angles)), 1)
    points, radius = circle(), np.ones((24, 1))
    for wave in range(2, 5) if kind == "blob" else ():
        turn = np.arange(24)[:, None] * (2 * np.pi * wave / 24) + rng.uniform(0, 6.3)
        radius += 0.35 / wave * rng.normal() * np.cos(turn)
    stretch = np.array((rng.uniform(0.45, 1), 1.0))
    return np.asarray(radius * points * stretch @ rotation(rng.uniform(0, np.pi)))


def rotation(angle: float) -> Floats:
    """The matrix that turns row vectors by `angle` radians."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array(((cos, sin), (-sin, cos)))


def fill(image: Picture, points: Floats, colour: tuple[float, ...]) -> None:
    """Fill a polygon, anti-aliased; points in pixels."""
    corners = np.round(points * 16).astype(np.int32)
    cv2.fillPoly(image, [corners], colour, cv2.LINE_AA, 4)


def circle(corners: int = 24) -> Floats:
    """Corners of a circle of radius 1 about the origin."""
    angles = np.arange(corners) * (2 * np.pi / corners)
    return np.stack((np.cos(angles), np.sin(angles)), 1)


def _clouds(rng: Generator, width: int, height: int) -> Floats:
    return 0.5 + 0.3 * octaves(rng, width, height, rng.uniform(0.35, 0.75))


def _stripes(rng: Generator, width: int, height: int) -> Floats:
    angle = float(rng.choice((0.0, np.pi / 2, rng.uniform(0, np.pi))))
    along = np.arange(width) * np.cos(angle) + np.arange(height)[:, None] * np.sin(angle)
    wave = np.sin(2 * np.pi * along / rng.uniform(5, 40) + rng.uniform(0, 6))
    return np.asarray(np.clip(0.5 + rng.uniform(0.5, 3) * wave, 0, 1))


def _checks(rng: Generator, width: int, height: int) -> Floats:
    step = rng.uniform(5, 24)
    across = np.floor(np.arange(width) / step) + np.floor(np.arange(height) / step)[:, None]
    return np.asarray(across % 2, np.float64)


def _speckles(rng: Generator, width: int, height: int) -> Floats:
    size = rng.uniform(1.5, 6)
    cells = (max(int(width / size), 2), max(int(height / size), 2))
    grain = (rng.random((cells[1], cells[0])) < rng.uniform(0.05, 0.5)).astype(np.float64)
    return np.asarray(cv2.resize(grain, (width, height), interpolation=cv2.INTER_LINEAR))
