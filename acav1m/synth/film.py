"""The camera: backdrop, event and silent movers become pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from acav1m.synth import backdrop
from acav1m.synth.canvas import Canvas
from acav1m.synth.distractor import Distractor
from acav1m.synth.motion import Wander

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.event import Event


class Camera:
    """Where the event is in the picture, and how the hand that films it shakes."""

    def __init__(self, rng: Generator, width: int, height: int) -> None:
        self.unit = min(width, height) / 2
        size = float(rng.uniform(0.62, 0.95))
        room_x = max(width / 2 - size * self.unit, 0)
        self.x = width / 2 + room_x * float(rng.uniform(-0.8, 0.8))
        self.y = height / 2 + (1 - size) * self.unit * float(rng.uniform(-0.6, 0.9))
        self.size = size
        self.mirrored = bool(rng.random() < 0.5)
        self.shake = self.unit * float(rng.choice((0.0, 0.01, 0.03)))
        self.roam = self.unit * float(rng.uniform(0, 0.06))
        self._hand = (Wander(rng, 1.5, 5), Wander(rng, 1.5, 5))
        self._arm = (Wander(rng, 0.05, 0.3), Wander(rng, 0.05, 0.3))

    def offset(self, t_s: float) -> tuple[float, float]:
        """How far the picture is moved at `t_s`, pixels."""
        dx = self.shake * self._hand[0].at(t_s) + self.roam * self._arm[0].at(t_s)
        dy = self.shake * self._hand[1].at(t_s) + self.roam * self._arm[1].at(t_s)
        return dx, dy


def film(
    event: Event, rng: Generator, count: int, fps: float, width: int, height: int
) -> NDArray[np.uint8]:
    """Film `count` pictures, the first at 0 s; shape (count, height, width, 3)."""
    camera = Camera(rng, width, height)
    behind = backdrop.paint(rng, width, height, night=event.night)
    movers = [Distractor(rng) for _ in range(int(rng.integers(0, 3)))]
    frames = np.empty((count, height, width, 3), np.uint8)
    edge_x, edge_y = width * backdrop.BORDER, height * backdrop.BORDER
    for i, frame in enumerate(frames):
        dx, dy = camera.offset(i / fps)
        move = np.array([[1, 0, dx - edge_x], [0, 1, dy - edge_y]])
        cv2.warpAffine(behind, move, (width, height), frame, borderMode=cv2.BORDER_REFLECT)
        whole = Canvas(frame, width / 2 + dx, height / 2 + dy, camera.unit)
        for mover in movers:
            mover.draw(whole, i / fps)
        scale = camera.size * camera.unit
        place = Canvas(frame, camera.x + dx, camera.y + dy, scale, mirrored=camera.mirrored)
        event.draw(place, i / fps)
    _expose(rng, frames)
    return frames


def _expose(rng: Generator, frames: NDArray[np.uint8]) -> None:
    """Apply exposure, a tint of the light, and sensor grain, in place."""
    gain = rng.uniform(0.75, 1.1) * rng.uniform(0.94, 1.06, 3)
    tones = np.arange(256)[:, None] * gain
    table = np.clip(tones, 0, 255).astype(np.uint8).reshape(1, 256, 3)
    grain = rng.normal(0, float(rng.choice((0.0, 2.0, 5.0))), (2, *frames.shape[1:]))
    lighter = np.clip(grain, 0, 255).astype(np.uint8)
    darker = np.clip(-grain, 0, 255).astype(np.uint8)
    for frame in frames:
        cv2.LUT(frame, table, frame)
        row, column = (int(v) for v in rng.integers(0, frame.shape[:2]))
        cv2.add(frame, np.roll(lighter[0], (row, column), (0, 1)), frame)
        cv2.subtract(frame, np.roll(darker[1], (row, column), (0, 1)), frame)
