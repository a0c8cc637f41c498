"""Cuts between coloured shots."""

import numpy as np
import pytest

from acav1m.measures.shots import Shots
from acav1m.testing import FPS, from_arrays, sine

COLOURS = ((200, 30, 30), (90, 90, 90), (30, 30, 200), (220, 220, 40), (10, 10, 10))


def shots(lengths_s: list[float]) -> np.ndarray:
    pictures = []
    for colour, length_s in zip(COLOURS, lengths_s, strict=False):
        pictures += [np.full((64, 64, 3), colour, np.uint8)] * round(length_s * FPS)
    return np.stack(pictures)


def changes(frames: np.ndarray, **options: float) -> int:
    return int(Shots(**options).measure(from_arrays(frames, FPS, sine(2)))["shot_changes"])


@pytest.mark.parametrize("number", range(1, 6))
def test_one_change_less_than_shots(number: int) -> None:
    assert changes(shots([1.0] * number)) == number - 1


def test_changes_in_quick_succession_count_once() -> None:
    frames = shots([1, 0.12, 1])
    assert changes(frames) == 1
    assert changes(frames, min_shot_s=0) == 2


def test_a_slow_fade_is_no_change() -> None:
    light = np.linspace(20, 230, 50).astype(np.uint8)
    frames = np.broadcast_to(light[:, None, None, None], (50, 64, 64, 3))
    assert changes(frames) == 0


def test_the_threshold_decides() -> None:
    frames = shots([1, 1])
    assert changes(frames, threshold=250) == 0
