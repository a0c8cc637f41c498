"""Motion of pictures that were moved."""

import numpy as np
import pytest

from acav1m.measures.motion import Motion
from acav1m.testing import FPS, from_arrays, grey, sine


def sliding(fps: float, seconds: float = 2) -> np.ndarray:
    """Stripes that slide by 40 pixels a second."""
    x = np.arange(64)[None, :] - 40 * np.arange(round(seconds * fps))[:, None] / fps
    stripes = 127 + 100 * np.sin(2 * np.pi * x / 32)
    return np.broadcast_to(stripes[:, None, :, None], (len(x), 64, 64, 3)).astype(np.uint8)


def moved(frames: np.ndarray, fps: float) -> float:
    return float(Motion().measure(from_arrays(frames, fps, sine(2)))["motion"])


def test_a_still_does_not_move() -> None:
    assert moved(grey(2), FPS) == 0


def test_blinking_between_black_and_white_is_nearly_all_there_is() -> None:
    frames = np.zeros((20, 64, 64, 3), np.uint8)
    frames[::2] = 255
    assert moved(frames, 10) > 0.9


def test_frame_rate_does_not_matter() -> None:
    slow, fast = moved(sliding(20), 20), moved(sliding(50), 50)
    assert slow == pytest.approx(fast, rel=0.15)
    assert slow > 0.05


def test_one_picture_has_no_motion() -> None:
    assert Motion().measure(from_arrays(grey(0.04), FPS, sine(0.04))) == {"motion": None}
