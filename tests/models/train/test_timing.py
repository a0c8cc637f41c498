"""The timing network compares as it does in use, and learns when."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from acav1m.models.timing import lags  # noqa: E402
from acav1m.models.train import fit_timing  # noqa: E402
from acav1m.models.train.takes import batches  # noqa: E402
from acav1m.models.train.timing import Timing, loss  # noqa: E402


def test_training_and_use_compare_alike() -> None:
    network = Timing()
    heard, seen = torch.randn(1, 125, 5), torch.randn(1, 125, 85, 5) / 10
    said = network.log_posterior(heard, seen)[0].detach().exp().numpy()
    found = lags.compare(heard[0].numpy(), seen[0].numpy(), 5, float(network.nothing.detach()))

    assert np.allclose(said[:-1], found.posterior(), atol=1e-5)
    assert said.sum() == pytest.approx(1, abs=1e-5)


def test_the_loss_asks_for_the_true_lag_and_for_none() -> None:
    right = torch.full((1, 152), -20.0)
    right[0, lags.REACH + 10] = 0
    none = torch.full((1, 152), -20.0)
    none[0, -1] = 0

    lag = torch.tensor([10])
    assert loss(right, none, lag) < loss(right, right, lag)
    assert loss(right, none, lag) < loss(right, none, torch.tensor([20]))


def test_the_same_seed_gives_the_same_weights(made, timing) -> None:
    again, _ = fit_timing.fit_timing(made.takes, steps=3, seed=0)
    weights = again.state_dict()

    assert all(torch.equal(value, weights[name]) for name, value in timing.state_dict().items())


def test_training_lowers_the_loss(made) -> None:
    _, curve = fit_timing.fit_timing(made.takes, steps=30, seed=0)

    assert np.mean(curve[-5:]) < np.mean(curve[:5])


def test_sound_lies_where_the_batch_says(made) -> None:
    """A take whose sound is its own clock shows how late an excerpt's sound is."""
    from acav1m.models.timing import sound
    from acav1m.models.train import takes

    rng = np.random.default_rng(0)
    frames = 10 * 25
    clock = np.repeat(np.arange(-50, frames + 50, dtype=np.float16), sound.MELS_PER_FRAME)
    take = takes.Take(
        changes=np.tile(np.arange(frames, dtype=np.float16)[:, None, None], (1, 64, 3)),
        mel=np.tile(clock[:, None], (1, 64)),
        before=50,
    )
    for _ in range(50):
        seen, mel, lag = takes._excerpts(take, rng)
        heard = mel[:: sound.MELS_PER_FRAME, 0]
        here = 62
        late = np.flatnonzero(heard == seen[here, 0, 0]) - here
        assert late.size == 0 or (late[0] - lag) % takes.FRAMES == 0, "or turned round"


def test_every_take_comes_before_any_comes_again(made) -> None:
    drawn = list(batches(made.takes, 3, 4, np.random.default_rng(0)))

    assert [len(one.lag) for one in drawn] == [3, 3, 3, 3]
    assert drawn[0].heard.shape == (3, 500, 128)
    assert drawn[0].seen.shape == (3, 125, 85, 6)
    assert drawn[0].motion.shape == (3, 125, 85, 1)
    assert max(abs(one.lag).max() for one in drawn) <= 74
