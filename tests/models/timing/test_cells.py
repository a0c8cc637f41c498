"""Changes are where the picture changes, whatever the size of the cells."""

import numpy as np
import pytest

from acav1m.models.timing import cells
from acav1m.testing import flash_and_beep, from_arrays


def test_a_flash_changes_every_cell_at_its_time() -> None:
    changes = cells.changes(flash_and_beep([1.0], seconds=3))

    assert changes.shape[1:] == (64, 3)
    assert changes[25, :, 0].min() > 0.5
    assert changes[25, :, 1].min() > 0.5, "it gets lighter"
    assert changes[30:, :, 1].max() < 0.01, "and darker"
    assert changes[:24].max() < 0.02


def test_a_moving_corner_is_in_its_cells_alone() -> None:
    frames = np.full((50, 64, 64, 3), 128, np.uint8)
    frames[25:, :16, :16] = 255
    changes = cells.changes(from_arrays(frames, 25, np.zeros(32_000, np.float32)))
    seen = cells.channels(changes)

    assert seen.shape == (len(changes), cells.PLACES, cells.CHANNELS)
    assert set(np.flatnonzero(changes[25, :, 0] > 0.2)) == {0, 1, 8, 9}
    relative = seen[25, :, 0]
    assert relative[[0, 1, 8, 9]].min() > 0.9
    assert relative[64] > 0.9, "the first of 4 x 4"
    assert relative[20] < 0.5


def test_how_strong_the_contrast_is_hardly_matters() -> None:
    changes = cells.changes(flash_and_beep([0.4, 1.5], seconds=3))
    full, half = cells.channels(changes), cells.channels(changes / 2)

    assert np.abs(full[..., 0] - half[..., 0]).max() < 0.05
    assert full[..., 2].max() - half[..., 2].max() == pytest.approx(np.log10(2), abs=0.02)


def test_a_picture_shown_alone_has_no_changes() -> None:
    one = np.full((1, 64, 64, 3), 128, np.uint8)

    assert not cells.changes(from_arrays(one, 25, np.zeros(640, np.float32))).any()
