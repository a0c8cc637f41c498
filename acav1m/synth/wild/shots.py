"""When pictures are taken, for how long each, and which of them is shown when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator

CALM = 0.35
"""The share of clips in which the camera stands and nothing else moves."""

INSTANTS = 3
"""A moving thing is drawn this often within one exposure."""


class Shots:
    """Pictures taken over a clip.

    `times_s` (pictures, instants) says what instants the exposure of each covers, `middle_s` the
    middle of each, `held` which of them each picture of the file is: some are shown twice or
    thrice. In a `calm` clip the camera stands and nothing moves but the performer. Pictures lead
    the sound by some 8 ms, give or take 20, as recordings differ in that.
    """

    def __init__(self, rng: Generator, seconds: float, fps: float) -> None:
        self.calm = bool(rng.random() < CALM)
        count = round(seconds * fps)
        hold = int(rng.choice((1, 2, 3), p=(0.9, 0.07, 0.03))) if fps > 20 else 1
        self.held = np.arange(count) // hold
        taken_s = np.arange(self.held[-1] + 1) * hold / fps
        open_s = rng.uniform(0.05, 0.9) * hold / fps
        lead_s = np.clip(rng.normal(0.008, 0.02), -0.04, 0.05)
        self.middle_s = taken_s + lead_s
        self.times_s = self.middle_s[:, None] + open_s * np.linspace(-0.5, 0.5, INSTANTS)
