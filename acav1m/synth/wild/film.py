"""Film a stage: place and parts become pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from acav1m.synth.wild import backdrop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.wild.beat import Floats
    from acav1m.synth.wild.part import Part
    from acav1m.synth.wild.texture import Picture

ROOM = 1.6
"""A place is painted this many times as large as the picture, for the camera to roam."""


DETAIL = 1.4
"""Pixels of a place to one of the picture, so that what is filmed is not soft."""

MOST = 70
"""Pixels that must differ for a motion to be seen."""


class Film:
    """Empty pictures of a place, to draw parts into."""

    def __init__(self, rng: Generator, camera: Floats, width: int, height: int) -> None:
        self.camera = camera
        place = backdrop.paint(rng, round(width * ROOM * DETAIL), round(height * ROOM * DETAIL))
        self.frames: NDArray[np.uint8] = np.empty((len(camera), height, width, 3), np.uint8)
        unit = DETAIL * min(width, height) / 2
        own = np.array(((1, 0, -place.shape[1] / 2), (0, 1, -place.shape[0] / 2), (0, 0, unit)))
        for frame, at in zip(self.frames, camera @ (own / unit), strict=True):
            _lay(place, frame, at)

    def stir(self, parts: Sequence[Part], first: int, second: int, instants: int) -> float:
        """How differently parts look in two pictures, 0 to 255, where they differ most."""
        both = []
        for number in (first, second):
            both.append(self.frames[first].copy())
            for part in parts:
                part.place(self.camera, instants)
                part.draw(both[-1], number)
        change = cv2.absdiff(*both).max(axis=2).ravel()
        return float(np.partition(change, -MOST)[-MOST:].mean())

    def draw(self, parts: Sequence[Part], instants: int) -> None:
        """Draw parts into all pictures, the first of them farthest behind."""
        for part in parts:
            part.place(self.camera, instants)
        for number, frame in enumerate(self.frames):
            for part in parts:
                part.draw(frame, number)


def _lay(place: Picture, frame: Picture, at: Floats) -> None:
    size = (frame.shape[1], frame.shape[0])
    cv2.warpAffine(place, at[:2], size, frame, cv2.INTER_LINEAR, cv2.BORDER_REFLECT)
