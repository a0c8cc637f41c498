"""What must not matter, and what belongs to no event."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from acav1m.models.train import nuisance  # noqa: E402


def test_level_and_power_undo_each_other() -> None:
    mel = torch.rand(2, 16, 64)

    assert torch.allclose(nuisance.to_level(nuisance.from_level(mel)), mel, atol=1e-5)


def test_music_is_as_far_above_as_asked() -> None:
    """Equal power plus 20 dB less is 0.04 dB more than either alone."""
    mel = torch.full((1, 16, 64), 0.2)
    mixed = nuisance.over(mel, torch.full((1, 16, 64), -0.4), torch.full((1, 1, 1), 20.0))

    assert torch.allclose((mixed - mel) * 50, torch.tensor(0.0432), atol=1e-3)


def test_clouds_drift() -> None:
    images = nuisance.clouds(2, 5, 64, np.random.default_rng(1))

    assert images.shape == (2, 5, 64, 64, 3)
    assert 0 <= images.min() <= images.max() <= 255
    assert images.std() > 10


def test_pictures_stay_within_range() -> None:
    images = torch.randint(0, 256, (3, 4, 64, 64, 3), dtype=torch.uint8)
    changed = nuisance.picture(images, np.random.default_rng(0))

    assert changed.shape == images.shape
    assert 0 <= changed.min() <= changed.max() <= 255
