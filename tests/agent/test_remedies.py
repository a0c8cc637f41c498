"""The filters that come first gain most, as the table says."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from acav1m.agent.action import Action
from acav1m.agent.faults.noisy import HEARD_AS, Noisy
from acav1m.agent.remedies import filters
from acav1m.bench.actions import si_sdr_db
from acav1m.synth import scene


@pytest.mark.parametrize("colour", ["pink", "hum", "babble"])
def test_the_first_filter_gains_more_than_the_last(colour: str) -> None:
    first, *_, last = filters(HEARD_AS[colour], snr_db=5)
    assert _gain_db(first, colour, 5) > max(2, _gain_db(last, colour, 5) + 1)


def test_faint_noise_is_taken_away_gently() -> None:
    gentle, usual = filters("hiss", snr_db=20)[0], filters("hiss", snr_db=5)[0]
    assert _gain_db(gentle, "white", 20) > _gain_db(usual, "white", 20) + 0.5


def test_no_noise_needs_no_filter() -> None:
    assert filters("none", snr_db=None) == ()


def _gain_db(action: Action, colour: str, snr_db: float) -> float:
    """The mean over all events."""
    gains = []
    for truth in _clean():
        noisy = Noisy(kind=colour, snr_db=snr_db).plant(truth, 3).audio
        before, after = (si_sdr_db(x, truth.audio) for x in (noisy, action.apply(noisy, 16_000)))
        gains.append(after - before)
    return float(np.mean(gains))


@cache
def _clean() -> list[scene.Rendered]:
    numbered = enumerate(scene.events(), 50_100)
    return [scene.render(event, seed, seconds=4, width=16, height=16) for seed, event in numbered]
