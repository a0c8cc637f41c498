"""What reads the towers' vectors."""

import pytest

torch = pytest.importorskip("torch")

from acav1m.models.train.heads import LAGS, lag_band  # noqa: E402


def test_the_band_adds_up_diagonals() -> None:
    product = torch.arange(13 * 25.0).reshape(13, 25)
    summed = product.flatten() @ lag_band()

    assert summed.tolist() == [product.diagonal(lag).sum() for lag in range(LAGS)]
