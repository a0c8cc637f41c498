"""Cases call for what they are drawn for, by what is planted."""

from __future__ import annotations

import numpy as np
import pytest

from acav1m.agent import remedies
from acav1m.agent.faults.kinds import made
from acav1m.agent.faults.noisy import HEARD_AS, Noisy
from acav1m.agent.train import cases

COORDINATION = {
    "speed": {"offset", "drift"},
    "volume": {"gain"},
    "pitch": {"pitch"},
    "fill_blanks": {"blanks"},
}


@pytest.mark.parametrize("wanted", cases.wanted())
def test_what_is_planted_calls_for_the_action(wanted: str) -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        case = cases.drawn(wanted, rng)
        faults = [made(fields) for fields in case.faults]
        noises = [one for one in faults if isinstance(one, Noisy)]
        if wanted in COORDINATION:
            assert {one.kind for one in faults} <= COORDINATION[wanted]
            assert not noises
        elif noises:
            filters = remedies.filters(HEARD_AS[noises[0].kind], noises[0].snr_db)
            names = [*(one.name() for one in filters), cases.NOTHING]
            assert names[case.tried] == wanted
        else:
            assert wanted == cases.NOTHING
            assert not faults


def test_a_gain_has_a_loudness_to_be_off() -> None:
    rng = np.random.default_rng(0)
    assert all(cases.drawn("volume", rng).target for _ in range(20))


def test_the_same_seed_draws_the_same() -> None:
    one, other = (cases.drawn("wavelet", np.random.default_rng(5)) for _ in range(2))
    assert one == other
