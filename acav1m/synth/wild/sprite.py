"""Cut-out things of any shape and surface, to be moved about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from acav1m.synth.wild import texture

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.wild.beat import Floats
    from acav1m.synth.wild.texture import Picture

SHAPES = ("oval", "blob", "blob", "box", "spikes")


def thing(rng: Generator, width: int, height: int) -> Picture:
    """Cut a thing out of a textured surface, perhaps with others upon it; (h, w, 4), premultiplied.

    The outline touches the sides of the sprite nearly.
    """
    colours = texture.palette(rng)
    surface = texture.fabric(rng, width, height, colours)
    if rng.random() < 0.6:
        texture.leaves(rng, surface, colours, int(rng.integers(2, 12)))
    shape = texture.outline(rng, str(rng.choice(SHAPES)))
    return cut(rng, surface, shape / np.abs(shape).max(axis=0))


def oval(rng: Generator, width: int, height: int, colour: Floats) -> Picture:
    """An oval of about one colour."""
    near = np.stack((colour, colour * rng.uniform(0.6, 0.95)))
    surface = texture.fabric(rng, width, height, near, rough=0.4)
    return cut(rng, surface, texture.circle())


def limb(rng: Generator, width: int, height: int) -> Picture:
    """An arm, stick or tool that hangs down: narrow above, with a hand or head at its end."""
    flesh = rng.random() < 0.45
    colours = np.stack((texture.skin(rng),) * 2) if flesh else texture.palette(rng)
    surface = texture.fabric(rng, width, height, colours)
    if rng.random() < 0.5:  # a sleeve, or a handle
        sleeve = int(height * rng.uniform(0.3, 0.75))
        surface[:sleeve] = texture.fabric(rng, width, sleeve, texture.palette(rng))
    thick, head = rng.uniform(0.15, 0.6), rng.uniform(0.1, 0.35)
    left = np.array(((-thick, -1), (-thick, 1 - 2 * head), (-1, 1 - 1.6 * head), (-0.8, 1)))
    return cut(rng, surface, np.concatenate((left, left[::-1] * (-1, 1))))


def cut(rng: Generator, surface: Picture, shape: Floats) -> Picture:
    """Cut a shape (corners from -1 to 1) out of a surface, shaded towards one side."""
    height, width = surface.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    texture.fill(mask, (shape * 0.96 + 1) / 2 * (width - 1, height - 1), (255,))
    across, down = np.linspace(-1, 1, width), np.linspace(-1, 1, height)[:, None]
    angle = rng.uniform(0, 2 * np.pi)
    shade = 1 + rng.uniform(0, 0.35) * (across * np.cos(angle) + down * np.sin(angle))
    share = mask[..., None] / 255
    flat = np.clip(surface * shade[..., None], 0, 255) * share
    return np.asarray(np.dstack((flat.astype(np.uint8), mask)))


def flipped(sprite: Picture) -> Picture:
    """The same thing as in a mirror."""
    return np.ascontiguousarray(cv2.flip(sprite, 1))
