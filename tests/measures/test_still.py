"""Black and frozen stretches of known length."""

import numpy as np
import pytest

from acav1m.clip import Clip
from acav1m.measures.still import Still
from acav1m.media.decode import Frames
from acav1m.testing import FPS, from_arrays, sine


def moving(seconds: float, seed: int = 0) -> np.ndarray:
    """A bright square that wanders, with sensor noise."""
    rng = np.random.default_rng(seed)
    frames = rng.integers(90, 110, (round(seconds * FPS), 64, 64, 3), dtype=np.uint8)
    for k, frame in enumerate(frames):
        frame[20:40, 2 * k % 44 : 2 * k % 44 + 20] = 220
    return frames


def shares(frames: np.ndarray, **options: float) -> dict[str, float]:
    return dict(Still(**options).measure(from_arrays(frames, FPS, sine(2))))  # type: ignore[arg-type]


def test_moving_pictures_are_neither() -> None:
    assert shares(moving(2)) == {"black_share": 0, "frozen_share": 0}


def test_a_frozen_stretch_is_as_long_as_it_was_made() -> None:
    frames = moving(4)
    frames[25:75] = frames[25]
    assert shares(frames)["frozen_share"] == pytest.approx(0.5, abs=0.011)


def test_a_black_stretch_is_as_long_as_it_was_made() -> None:
    frames = moving(4)
    frames[:25] = 4
    found = shares(frames)
    assert found["black_share"] == pytest.approx(0.25, abs=0.011)
    assert found["frozen_share"] == pytest.approx(0.25, abs=0.011)


def test_a_short_stop_is_not_frozen() -> None:
    frames = moving(2)
    frames[10:20] = frames[10]
    assert shares(frames)["frozen_share"] == 0
    assert shares(frames, hold_s=0.2)["frozen_share"] > 0.1


def test_doubled_pictures_are_not_frozen() -> None:
    frames = moving(2)
    frames[1::2] = frames[::2]
    assert shares(frames)["frozen_share"] == 0


def test_one_picture_shown_long_is_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variable frame rate: three seconds of one picture between moving ones."""
    clip = from_arrays(moving(1), FPS, sine(1))
    times_s = np.concatenate([np.arange(12) * 0.04, 3.44 + np.arange(13) * 0.04])
    monkeypatch.setattr(Clip, "frames", lambda *_: Frames(times_s, moving(1)))
    assert Still().measure(clip)["frozen_share"] == pytest.approx(3 / 3.96, abs=0.02)


def test_a_slow_drift_is_not_frozen() -> None:
    """Each step is below the noise, but the picture does not stand still."""
    light = np.linspace(60, 200, 100)[:, None, None, None]
    frames = np.broadcast_to(light, (100, 64, 64, 3)).astype(np.uint8)
    assert shares(frames)["frozen_share"] == 0


def test_a_dark_scene_with_a_light_in_it_is_not_black() -> None:
    frames = np.full((50, 64, 64, 3), 5, np.uint8)
    frames[:, 20:34, 20:34] = 200
    assert shares(frames)["black_share"] == 0
