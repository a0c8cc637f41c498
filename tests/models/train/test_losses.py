"""What the towers are asked."""

import pytest

torch = pytest.importorskip("torch")

from acav1m.models.train import losses  # noqa: E402


def test_no_event_is_the_target_of_nothing() -> None:
    sure = torch.full((3, 4), -20.0)
    sure[0, 2] = 20

    assert losses.events(sure, torch.tensor([2])) < 1e-6
    assert losses.events(sure, torch.tensor([1])) > 1
