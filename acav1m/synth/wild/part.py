"""One moving thing in the picture: a cut-out and where it is at every instant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from acav1m.synth.wild.beat import Floats
    from acav1m.synth.wild.texture import Picture

BLUR_PX = 1.2
"""Farther than this within one exposure, and a thing is drawn more than once."""


@dataclass(frozen=True)
class Pose:
    """Arrays of one shape (pictures, instants of the exposure), or plain numbers.

    A unit is half the picture's shorter side, (0, 0) its middle, y downwards.
    """

    x: Floats | float = 0.0
    y: Floats | float = 0.0
    angle: Floats | float = 0.0
    """Radians."""

    wide: Floats | float = 1.0
    high: Floats | float = 1.0
    light: Floats | float = 1.0

    def moved(self, x: Floats | float, y: Floats | float) -> Pose:
        """The same elsewhere."""
        return replace(self, x=self.x + x, y=self.y + y)

    def matrices(self, shape: tuple[int, ...]) -> Floats:
        """From the thing's own units to the picture's, (pictures, instants, 3, 3)."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        out = np.zeros((*shape, 3, 3))
        out[..., 0, 0], out[..., 0, 1], out[..., 0, 2] = cos * self.wide, -sin * self.high, self.x
        out[..., 1, 0], out[..., 1, 1], out[..., 1, 2] = sin * self.wide, cos * self.high, self.y
        out[..., 2, 2] = 1
        return out


class Part:
    """A cut-out that is drawn where its pose says, blurred by how it moves."""

    def __init__(
        self, sprite: Picture, pose: Pose, size: tuple[float, float], pivot: tuple[float, float]
    ) -> None:
        """Take a sprite `size` units wide and high, hung up at `pivot` (0 to 1 from its corner)."""
        self.sprite, self.pose = sprite, pose
        height, width = sprite.shape[:2]
        own = np.array(((size[0] / width, 0, 0), (0, size[1] / height, 0), (0, 0, 1.0)))
        own[:2, 2] = -pivot[0] * size[0], -pivot[1] * size[1]
        self._own = own
        corners = ((0, 0, 1), (width, 0, 1), (width, height, 1), (0, height, 1))
        self._corners = np.array(corners, float).T

    def place(self, camera: Floats, instants: int) -> None:
        """Work out where every picture shows it; `camera` is (pictures, 3, 3)."""
        shape = (len(camera), instants)
        self._light = np.broadcast_to(self.pose.light, shape)
        self._at = camera[:, None] @ self.pose.matrices(shape) @ self._own
        self._boxes = (self._at @ self._corners)[..., :2, :]

    def draw(self, frame: Picture, number: int) -> None:
        """Draw it into picture `number`."""
        boxes = self._boxes[number]
        low = np.maximum(np.floor(boxes.min(axis=(0, 2))).astype(int) - 1, 0)
        size = frame.shape[1::-1]
        high = np.minimum(np.ceil(boxes.max(axis=(0, 2))).astype(int) + 2, size)
        if (low >= high).any():
            return
        seen = self._seen(number, boxes, low, high)
        region = frame[low[1] : high[1], low[0] : high[0]]
        through = 255 - seen[..., 3:].astype(np.uint16)
        region[:] = np.minimum((region * through + 127) // 255 + seen[..., :3], 255)

    def _seen(self, number: int, boxes: Floats, low: Floats, high: Floats) -> Picture:
        """What one exposure sees of it within a box of pixels; (h, w, 4), premultiplied."""
        travelled = float(np.abs(boxes - boxes[:1]).max())
        steps = range(len(boxes)) if travelled > BLUR_PX else range(1)
        total = self._warped(number, steps[0], low, high)
        for count, step in enumerate(steps[1:], start=1):
            one = self._warped(number, step, low, high)
            cv2.addWeighted(total, count / (count + 1), one, 1 / (count + 1), 0, dst=total)
        return total

    def _warped(self, number: int, step: int, low: Floats, high: Floats) -> Picture:
        at = self._at[number, step, :2].copy()
        at[:, 2] -= low
        width, height = (int(v) for v in high - low)
        one = cv2.warpAffine(self.sprite, at, (width, height), flags=cv2.INTER_LINEAR)
        light = float(self._light[number, step])
        if light != 1:
            one[..., :3] = cv2.convertScaleAbs(one[..., :3], alpha=light)
            one[..., :3] = np.minimum(one[..., :3], 255)
        return np.asarray(one)
