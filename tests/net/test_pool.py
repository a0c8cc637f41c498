"""Downloads run ahead of their use, but not too far, and their failures reach who asks."""

from __future__ import annotations

import threading
import time

import pytest

from acav1m.net.outcome import FetchError
from acav1m.net.pool import Closed, Pool


@pytest.fixture
def pool():
    made: list[Pool[int]] = []

    def make(threads: int = 4, ahead: int = 8) -> Pool[int]:
        made.append(Pool(threads, ahead))
        return made[-1]

    yield make
    for one in made:
        one.close()


def until(condition) -> None:
    """Wait for something that must come."""
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never came")


def test_results_are_had_by_key_in_any_order(pool):
    one = pool()
    for number in range(20):
        one.start(str(number), lambda alive, number=number: number * 2)
    assert [one.result(str(number)) for number in reversed(range(20))] == list(range(38, -2, -2))


def test_several_run_at_once_but_no_more_than_the_threads(pool):
    one, met = pool(threads=3), threading.Barrier(3)
    for number in range(3):
        one.start(str(number), lambda alive: met.wait(5))
    assert sorted(one.result(str(number)) for number in range(3)) == [0, 1, 2]
    assert len(one._threads) == 3


def test_no_more_is_fetched_than_is_ahead(pool):
    one, begun = pool(threads=4, ahead=5), []
    for number in range(20):
        one.start(str(number), lambda alive, number=number: begun.append(number) or number)
    until(lambda: len(begun) == 5)
    time.sleep(0.05)
    assert sorted(begun) == [0, 1, 2, 3, 4]
    one.result("0")
    until(lambda: len(begun) == 6)
    assert begun[-1] == 5


def test_what_is_asked_for_comes_next_even_if_too_much_is_ahead(pool):
    one = pool(threads=2, ahead=2)
    for number in range(10):
        one.start(str(number), lambda alive, number=number: number)
    assert one.result("9") == 9
    assert one.result("0") == 0


def test_a_failure_is_raised_where_the_result_is_asked_for(pool):
    one = pool()

    def fail(alive):
        raise FetchError("not_found", "HTTP 404")

    one.start("a", fail)
    one.start("b", lambda alive: 1)
    with pytest.raises(FetchError, match="404"):
        one.result("a")
    assert one.result("b") == 1


def test_a_timeout_of_the_call_is_its_own(pool):
    def fail(alive):
        raise TimeoutError("mine")

    one = pool()
    one.start("a", fail)
    with pytest.raises(TimeoutError, match="mine"):
        one.result("a")


def test_a_key_is_called_once_and_its_result_is_had_once(pool):
    one, calls = pool(), []
    for _ in range(3):
        one.start("a", lambda alive: calls.append(1) or 7)
    assert one.result("a") == 7
    assert calls == [1]
    with pytest.raises(KeyError):
        one.result("a")


def test_signs_of_life_are_given_while_waiting(pool, monkeypatch):
    monkeypatch.setattr("acav1m.net.pool.STEP_S", 0.01)
    one, go, lives = pool(), threading.Event(), []
    one.start("a", lambda alive: go.wait(10))

    def alive():
        lives.append(1)
        if len(lives) == 5:
            go.set()

    one.result("a", alive)
    assert len(lives) >= 5


def test_who_waits_is_told_that_the_pool_was_closed(pool):
    one = pool(threads=1)
    one.start("a", lambda alive: time.sleep(0.3))
    one.start("b", lambda alive: 1)
    threading.Timer(0.1, one.close).start()
    with pytest.raises(Closed):
        one.result("b")


def test_closing_ends_what_is_under_way(pool):
    one, begun = pool(threads=1), threading.Event()

    def endless(alive):
        begun.set()
        while True:
            alive()
            time.sleep(0.01)

    one.start("a", endless)
    one.start("b", lambda alive: 1)
    begun.wait(5)
    one.close()
    assert not any(thread.is_alive() for thread in one._threads)
    with pytest.raises(Closed):
        one.start("c", lambda alive: 1)


def test_files_come_at_once_from_a_real_server(server, serving, fetcher, tmp_path):
    from acav1m.net.host import Pace

    one, ahead = fetcher(Pace(slots=6)), Pool(threads=6, ahead=30)
    content = serving.MEDIA[:50_000]
    server.default = serving.drip(content, piece=10_000, every_s=0.02)
    for number in range(30):
        url, to = f"http://127.0.0.1:{server.port}/{number}", tmp_path / f"{number}.mp4"
        ahead.start(str(number), lambda alive, u=url, t=to: one.fetch(u, t, alive=alive))
    assert all(ahead.result(str(number)).bytes == len(content) for number in range(30))
    assert server.busiest == 6
    ahead.close()


def test_the_first_that_is_done_is_told_of(pool):
    one, go = pool(threads=2), threading.Event()
    one.start("slow", lambda alive: go.wait(10))
    one.start("quick", lambda alive: 1)
    assert one.some(["slow", "quick"]) == "quick"
    assert one.some(["slow", "quick"]) == "quick"
    one.result("quick")
    go.set()
    assert one.some(["slow"]) == "slow"


def test_who_waits_for_some_gives_signs_of_life_and_hears_of_the_end(pool, monkeypatch):
    monkeypatch.setattr("acav1m.net.pool.STEP_S", 0.01)
    one, go, lives = pool(threads=1), threading.Event(), []
    one.start("slow", lambda alive: go.wait(10))

    def alive():
        lives.append(1)
        if len(lives) == 3:
            one.close(0)

    with pytest.raises(Closed):
        one.some(["slow"], alive)
    go.set()
    assert len(lives) == 3


def test_what_is_dropped_makes_room(pool):
    one, begun = pool(threads=2, ahead=2), []
    for number in range(6):
        one.start(str(number), lambda alive, number=number: begun.append(number) or number)
    until(lambda: len(begun) == 2)
    for number in (0, 1, 3):
        one.drop(str(number))
    assert one.some(["2", "4", "5"]) in {"2", "4"}
    until(lambda: len(begun) == 4)
    assert sorted(begun) == [0, 1, 2, 4]
