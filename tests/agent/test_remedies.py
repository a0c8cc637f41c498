"""The filters that come first gain most, as the table says."""

from __future__ import annotations

import pytest

from acav1m.agent import remedies_fit
from acav1m.agent.action import Action
from acav1m.agent.remedies import filters


@pytest.fixture
def gain_db(monkeypatch: pytest.MonkeyPatch):
    """Mean gain over one clip of each event at one input level."""
    monkeypatch.setattr(remedies_fit, "FIRST_SEEDS", (50_100,))

    def found(act: Action, kind: str, snr_db: float) -> float:
        monkeypatch.setattr(remedies_fit, "SNRS_DB", (snr_db,))
        [gain] = remedies_fit.gains_db(act, kind)
        return gain

    return found


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["hum", "babble"])
def test_the_first_filter_gains_more_than_the_last(kind: str, gain_db) -> None:
    first, *_, last = filters(kind, snr_db=5)
    assert gain_db(first, kind, 5) > max(2, gain_db(last, kind, 5) + 1)


@pytest.mark.slow
def test_faint_noise_is_taken_away_gently(gain_db) -> None:
    gentle, usual = filters("hiss", snr_db=20)[0], filters("hiss", snr_db=5)[0]
    assert gain_db(gentle, "hiss", 20) > gain_db(usual, "hiss", 20) + 0.5


def test_no_noise_needs_no_filter() -> None:
    assert filters("none", snr_db=None) == ()
