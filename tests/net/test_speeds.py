"""Speeds follow what came of late, and are forgotten for hosts not asked for long."""

from __future__ import annotations

import pytest

from acav1m.net import speeds
from acav1m.net.speeds import Speeds


def test_nothing_is_known_before_anything_came() -> None:
    assert Speeds().of("a", whole=True) is None


def test_a_speed_follows_what_came_of_late() -> None:
    known = Speeds()
    known.came("a", 10.0, 1.0, whole=True)
    known.came("a", 3.0, 3.0, whole=False)
    assert (known.of("a", whole=True), known.of("a", whole=False)) == (10.0, 1.0)
    known.came("a", 20.0, 1.0, whole=True)
    assert known.of("a", whole=True) == pytest.approx(13.0)
    for _ in range(30):
        known.came("a", 20.0, 1.0, whole=True)
    assert known.of("a", whole=True) == pytest.approx(20.0, rel=1e-3)


def test_what_took_no_time_is_no_reason_to_fail() -> None:
    known = Speeds()
    known.came("a", 1.0, 0.0, whole=True)
    assert known.of("a", whole=True) == 20.0


def test_no_more_hosts_are_known_than_are_of_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speeds, "HOSTS", 2)
    known = Speeds()
    for host in "abcde":
        known.came(host, 1.0, 1.0, whole=True)
    assert [host for host in "abcde" if known.of(host, whole=True)] == list("bcde")
