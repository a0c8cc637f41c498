"""Evidence lies where sound and picture meet."""

import numpy as np
import pytest

from acav1m.models.timing import lags
from acav1m.models.timing.lags import LAGS_S, REACH
from acav1m.signals import RATE_HZ


def curves(late: int, *, frames: int = 250, places: int = 3, seed: int = 0):
    """Random vectors of a picture whose last place is heard `late` frames later."""
    rng = np.random.default_rng(seed)
    picture = rng.normal(size=(frames, places, 4)).astype(np.float32)
    sound = rng.normal(0, 0.1, size=(frames, 4)).astype(np.float32)
    index = np.arange(frames) - late
    inside = (index >= 0) & (index < frames)
    sound[inside] += picture[index[inside], -1]
    return sound * np.float32(0.1), picture


@pytest.mark.parametrize("late", [-75, -40, -1, 0, 7, 75])
def test_the_lag_of_the_place_that_sounds_wins(late: int) -> None:
    found = lags.compare(*curves(late), seconds=10, nothing=0.0)

    assert LAGS_S[found.clip.argmax()] == pytest.approx(late / RATE_HZ)
    assert found.posterior()[REACH + late] > 0.9
    assert found.posterior().sum() <= 1


def test_unrelated_sound_is_evidence_for_nothing() -> None:
    sound, picture = curves(0)[0], curves(0, seed=1)[1]
    found = lags.compare(sound, picture, seconds=10, nothing=5.0)

    assert found.posterior().sum() < 0.5


def test_seconds_add_up_to_the_clip_where_one_place_sounds() -> None:
    sound, picture = curves(3, places=1)
    found = lags.compare(sound, picture, seconds=10, nothing=0.0)

    assert found.seconds.shape == (10, len(LAGS_S))
    assert np.allclose(found.seconds.sum(axis=0) * lags.weight(10), found.clip, atol=1e-3)


def test_a_long_clip_gives_the_seconds_of_a_short_one() -> None:
    sound, picture = curves(5, places=1, frames=500)
    whole = lags.compare(sound, picture, seconds=20, nothing=0.0)
    start = lags.compare(sound[:300], picture[:200], seconds=8, nothing=0.0)

    assert np.allclose(whole.seconds[:8], start.seconds, atol=1e-4)


def test_sound_that_ends_before_the_picture_is_no_error() -> None:
    sound, picture = curves(0)

    assert lags.compare(sound[:30], picture[:99], seconds=3, nothing=0.0).seconds.shape[0] == 3


def test_a_long_clip_with_foreign_sound_is_no_surer_than_a_short_one() -> None:
    """Unrelated curves over a minute once reached a confidence of 0.9 in one clip of four."""

    def surest(frames: int) -> float:
        unrelated = [
            (curves(0, frames=frames, seed=k)[0], curves(0, frames=frames, seed=k + 50)[1])
            for k in range(8)
        ]
        found = [lags.compare(*both, seconds=frames // 25, nothing=2.0) for both in unrelated]
        return max(float(one.posterior().max()) for one in found)

    assert surest(1500) < surest(125) + 0.15
