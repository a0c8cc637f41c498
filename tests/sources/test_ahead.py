"""Several lists are read at a time, and come out as if one after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest

from acav1m.sources._ahead import HELD, in_order


def _list(name: str, count: int, read: list[str] | None = None) -> Iterator[str]:
    for number in range(count):
        if read is not None:
            read.append(name)
        yield f"{name}{number}"


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_the_order_is_that_of_the_lists(at_once: int) -> None:
    lists = [partial(_list, name, count) for name, count in (("a", 3), ("b", 0), ("c", 5000))]
    wanted = [f"a{n}" for n in range(3)] + [f"c{n}" for n in range(5000)]
    assert list(in_order(lists, at_once)) == wanted


def test_lists_are_read_at_the_same_time() -> None:
    met = threading.Barrier(3, timeout=30)

    def meeting(name: str) -> Iterator[str]:
        met.wait()
        yield name

    assert list(in_order([partial(meeting, name) for name in "abc"], 3)) == ["a", "b", "c"]


@pytest.mark.parametrize("at_once", [1, 3])
def test_what_a_list_raises_comes_in_its_turn(at_once: int) -> None:
    def broken() -> Iterator[str]:
        yield "b0"
        raise ValueError("broken")

    found = in_order([partial(_list, "a", 2), broken, partial(_list, "c", 2)], at_once)
    assert [next(found) for _ in range(3)] == ["a0", "a1", "b0"]
    with pytest.raises(ValueError, match="broken"):
        next(found)


def test_nothing_is_read_far_ahead_nor_after_who_asks_has_left() -> None:
    read: list[str] = []
    before = threading.active_count()
    found = in_order([partial(_list, name, 10**9, read) for name in "ab"], 2)
    assert next(found) == "a0"
    found.close()  # type: ignore[attr-defined]
    for thread in threading.enumerate():
        if thread.daemon and thread.name.endswith("(read)"):
            thread.join(30)
    assert threading.active_count() <= before
    assert len(read) < 10 * HELD


def test_who_leaves_waits_for_no_list() -> None:
    answers, was_awaited = threading.Event(), threading.Event()

    def silent() -> Iterator[str]:
        if not answers.wait(20):
            was_awaited.set()
        yield "late"

    found = in_order([partial(_list, "a", 2), silent], 2)
    assert next(found) == "a0"
    found.close()  # type: ignore[attr-defined]
    assert not was_awaited.is_set()
    answers.set()
