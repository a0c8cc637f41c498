"""A fetcher that may ask the misbehaving server and never really sleeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from acav1m.net.address import Addresses
from acav1m.net.gate import Gate
from acav1m.net.host import Pace
from acav1m.net.http import Fetcher
from acav1m.net.limits import Limits


class Clock:
    """A clock that sleeping moves on."""

    def __init__(self) -> None:
        self.now_s = 1_000_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds


@pytest.fixture
def clock() -> Clock:
    """A clock for gates and back-off."""
    return Clock()


@pytest.fixture
def fetcher(tmp_path: Path, clock: Clock) -> Iterator[Callable[..., Fetcher]]:
    """Make a fetcher that may ask this machine at 127.0.0.1, and nothing else that is private."""
    made: list[Fetcher] = []

    def make(
        pace: Pace | None = None, limits: dict[str, Any] | None = None, **more: Any
    ) -> Fetcher:
        short = {"connect_s": 5.0, "idle_s": 5.0, "answer_s": 10.0, "slow_s": 5.0}
        gate = Gate(tmp_path / "gate", pace or Pace(), clock=clock, sleep=clock.sleep)
        more.setdefault("addresses", Addresses(("127.0.0.1/32",)))
        one = Fetcher(gate, Limits(**(short | (limits or {}))), sleep=clock.sleep, **more)
        made.append(one)
        return one

    yield make
    for one in made:
        one.close()
        one.gate.close()
