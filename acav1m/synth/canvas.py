"""Anti-aliased drawing in an event's own space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Colour = tuple[int, int, int]

SHIFT = 4
"""Fractional bits of OpenCV's coordinates: slow motion needs parts of a pixel."""

UNIT = 1 << SHIFT


class Canvas:
    """One picture, drawn on in units: (0, 0) at pixel (x, y), one unit `scale` pixels long."""

    def __init__(
        self, image: NDArray[np.uint8], x: float, y: float, scale: float, *, mirrored: bool = False
    ) -> None:
        self.image, self.x, self.y, self.scale = image, x, y, scale
        self.side = -1 if mirrored else 1

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        cv2.circle(
            self.image, self._point(x, y), self._length(radius), colour, -1, cv2.LINE_AA, SHIFT
        )

    def ring(self, x: float, y: float, radius: float, colour: Colour, width: float = 0.03) -> None:
        self.oval(x, y, radius, radius, colour, width=width)

    def oval(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        colour: Colour,
        *,
        angle: float = 0,
        width: float | None = None,
    ) -> None:
        """Draw an ellipse, filled unless it has a line `width`; `angle` in degrees."""
        axes = (self._length(rx), self._length(ry))
        thickness = -1 if width is None else self._pixels(width)
        centre, turn = self._point(x, y), self.side * angle
        cv2.ellipse(self.image, centre, axes, turn, 0, 360, colour, thickness, cv2.LINE_AA, SHIFT)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: Colour, width: float = 0.04
    ) -> None:
        thickness = self._pixels(width)
        cv2.line(
            self.image,
            self._point(x1, y1),
            self._point(x2, y2),
            colour,
            thickness,
            cv2.LINE_AA,
            SHIFT,
        )

    def shape(self, points: Sequence[tuple[float, float]], colour: Colour) -> None:
        """Fill a polygon."""
        corners = np.array([self._point(x, y) for x, y in points], np.int32)
        cv2.fillPoly(self.image, [corners], colour, cv2.LINE_AA, SHIFT)

    def box(self, x1: float, y1: float, x2: float, y2: float, colour: Colour) -> None:
        self.shape([(x1, y1), (x2, y1), (x2, y2), (x1, y2)], colour)

    def tint(self, colour: Colour, share: float) -> None:
        """Light the whole picture."""
        wash = np.full_like(self.image, colour)
        cv2.addWeighted(self.image, 1 - share, wash, share, 0, dst=self.image)

    def _point(self, x: float, y: float) -> tuple[int, int]:
        return (
            round((self.x + self.side * x * self.scale) * UNIT),
            round((self.y + y * self.scale) * UNIT),
        )

    def _length(self, length: float) -> int:
        return max(round(length * self.scale * UNIT), 1)

    def _pixels(self, width: float) -> int:
        return max(round(width * self.scale), 1)


def turned(
    points: Sequence[tuple[float, float]], angle: float, x: float = 0.0, y: float = 0.0
) -> list[tuple[float, float]]:
    """Turn points about the origin by `angle` radians, then move them to (x, y)."""
    cos, sin = np.cos(angle), np.sin(angle)
    return [(x + px * cos - py * sin, y + px * sin + py * cos) for px, py in points]
