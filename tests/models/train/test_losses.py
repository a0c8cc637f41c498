"""What counts as matched, and as in step."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from acav1m.models.features import CONTEXT, FRAME_S  # noqa: E402
from acav1m.models.train import losses  # noqa: E402


@pytest.mark.parametrize("near", [True, False])
def test_pairs_know_how_late_their_sound_is(near: bool) -> None:
    """Frames that carry their own number show how far apart picture and sound were cut."""
    rng = np.random.default_rng(0)
    frames = torch.arange(50.0).reshape(1, 50, 1).expand(8, 50, 1)
    audio, picture, late_s = losses.cut(frames, frames, torch.zeros(8), near, rng)
    gap = audio[:, CONTEXT, 0] - picture[:, 0, 0]

    assert torch.allclose(gap * FRAME_S, late_s, atol=1e-5)
    assert (late_s == 0).all() == near


def test_a_crop_offset_adds_to_the_shift() -> None:
    rng = np.random.default_rng(0)
    frames = torch.zeros(2, 50, 1)
    _, _, late_s = losses.cut(frames, frames, torch.tensor([0.05, -0.03]), True, rng)

    assert late_s.tolist() == pytest.approx([0.05, -0.03])


def test_no_event_is_the_target_of_nothing() -> None:
    sure = torch.full((3, 4), -20.0)
    sure[0, 2] = 20

    assert losses.events(sure, torch.tensor([2])) < 1e-6
    assert losses.events(sure, torch.tensor([1])) > 1
