"""What several clips need is fetched once, outlives a worker, and goes with the last of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from acav1m.net.gate import Blocked
from acav1m.net.outcome import FetchError
from acav1m.stages.fetch import FetchFailed, Fetching
from acav1m.steps import Candidate, Fetched, RemoteSource, Source


class Remote(RemoteSource):
    """Brings what it is told to; by locator, `TROUBLES` go wrong and `SLOW` ones wait."""

    def candidates(self) -> Any:
        """None of its own."""
        return iter(())

    def bring(
        self, candidates: Sequence[Candidate], folder: Path, network: Any, alive: Any
    ) -> Fetched:
        """Write a file."""
        locator = candidates[0].locator
        BROUGHT.append((locator, len(candidates)))
        if locator in TROUBLES:
            raise TROUBLES[locator]
        if locator in SLOW:
            assert SLOW[locator].wait(10)
        (folder / "film.mp4").write_text(locator)
        return Fetched(folder / "film.mp4", "an_id", 2.0, {"fetched_url": locator})


class Here(Source):
    """Has nothing, but of this disk."""

    def candidates(self) -> Any:
        """None of its own."""
        return iter(())

    def fetch(self, candidate: Candidate, scratch: Path) -> Fetched:
        """Nothing to wait for."""
        return Fetched(Path(candidate.locator))


BROUGHT: list[tuple[str, int]] = []
TROUBLES: dict[str, Exception] = {}
SLOW: dict[str, threading.Event] = {}


@pytest.fixture
def fetching(tmp_path: Path) -> Callable[[], Fetching]:
    """Make the downloads of a worker; another one's share its folder."""
    BROUGHT.clear()
    TROUBLES.clear()
    SLOW.clear()
    return lambda: Fetching({"remote": Remote()}, tmp_path / "fetched", tmp_path / "gate", {})


def _row(key: str, locator: str) -> dict[str, Any]:
    return {"key": key, "source": "remote", "candidate": {"uri": locator, "locator": locator}}


def _wait(one: Fetching, row: dict[str, Any]) -> Fetched:
    return one.wait(row, lambda: None)


def test_one_download_serves_all_rows_and_goes_with_the_last(fetching: Any) -> None:
    one = fetching()
    rows = [_row("1", "a"), _row("2", "a"), _row("3", "b")]
    one.begin("p", rows)
    paths = [_wait(one, row).path for row in rows]
    assert paths[0] == paths[1] != paths[2]
    assert sorted(BROUGHT) == [("a", 2), ("b", 1)]
    one.done(rows[0])
    assert paths[0].exists()
    one.done(rows[1])
    assert not paths[0].exists()
    assert paths[2].exists()
    one.end("p")
    assert not paths[2].exists()


def test_a_new_worker_takes_what_is_whole(fetching: Any) -> None:
    rows = [_row("1", "a"), _row("2", "a")]
    before = fetching()
    before.begin("p", rows)
    first = _wait(before, rows[0])
    after = fetching()
    after.begin("p", rows)
    assert _wait(after, rows[0]) == first
    assert first.facts == {"fetched_url": "a"}
    assert BROUGHT == [("a", 2)]


def test_a_failure_holds_for_all_rows_of_the_download(fetching: Any) -> None:
    TROUBLES["a"] = FetchError("not_found", "gone", attempts=3)
    one = fetching()
    rows = [_row("1", "a"), _row("2", "a")]
    one.begin("p", rows)
    for row in rows:
        with pytest.raises(FetchFailed) as raised:
            _wait(one, row)
        assert (raised.value.kind, raised.value.facts["fetch_attempts"]) == ("not_found", 3)
    assert len(BROUGHT) == 1


def test_a_refusal_of_us_is_no_failure_of_the_row(fetching: Any) -> None:
    TROUBLES["a"] = Blocked("it is us")
    one = fetching()
    one.begin("p", [_row("1", "a")])
    with pytest.raises(Blocked, match="it is us"):
        _wait(one, _row("1", "a"))


def test_what_is_there_comes_before_what_is_slow(fetching: Any) -> None:
    SLOW["a"] = threading.Event()
    one = fetching()
    rows = dict(enumerate([_row("1", "a"), _row("2", "b"), _row("3", "b")]))
    one.begin("p", list(rows.values()))
    order = []
    while rows:
        number = one.ready(rows, lambda: None)
        row = rows.pop(number)
        order.append(number)
        _wait(one, row)
        one.done(row)
        if order == [1, 2]:
            SLOW["a"].set()
    assert order == [1, 2, 0]


def test_what_failed_is_ready_too(fetching: Any) -> None:
    SLOW["a"] = threading.Event()
    TROUBLES["b"] = FetchError("not_found", "gone")
    one = fetching()
    rows = [_row("1", "a"), _row("2", "b")]
    one.begin("p", rows)
    assert one.ready(dict(enumerate(rows)), lambda: None) == 1
    SLOW["a"].set()


def test_a_row_of_this_disk_waits_for_nobody(fetching: Any) -> None:
    SLOW["a"] = threading.Event()
    one = fetching()
    one.sources["here"] = Here()
    rows = [_row("1", "a"), {**_row("2", "b"), "source": "here"}]
    one.begin("p", rows)
    assert one.ready(dict(enumerate(rows)), lambda: None) == 1
    SLOW["a"].set()


def test_rows_given_up_take_no_place_of_those_to_come(fetching: Any) -> None:
    one = fetching()
    rows = [_row(str(n), f"file {n}") for n in range(60)]
    one.begin("p", rows)
    for row in rows[:40]:
        one.done(row)
    left = dict(enumerate(rows[40:]))
    while left:
        number = one.ready(left, lambda: None)
        _wait(one, left[number])
        one.done(left.pop(number))
