"""Who was refused while others were served is remembered, also by later builds."""

from __future__ import annotations

from acav1m.net import singled
from acav1m.net.singled import Singled


def test_the_first_refusal_tells_something_and_those_after_a_good_answer_nothing(tmp_path):
    one = Singled(tmp_path)
    assert not one.refused("a", [])
    assert not one.refused("a", ["a"])
    one.out(["a", "b"])
    assert one.refused("a", [])
    assert one.refused("b", [])
    assert not one.refused("c", [])


def test_another_process_took_it_from_the_suspects(tmp_path):
    one = Singled(tmp_path)
    assert not one.refused("a", [])
    assert one.refused("a", ["b"])


def test_later_builds_know_and_a_torn_line_is_nobody(tmp_path):
    Singled(tmp_path).out(["a", "b"])
    Singled(tmp_path).out(["a", "c"])
    with (tmp_path / "singled_out").open("a") as file:
        file.write("torn")
    later = Singled(tmp_path)
    assert [later.refused(one, []) for one in "abcd"] == [True, True, True, False]


def test_no_more_is_remembered_than_fits(tmp_path, monkeypatch):
    monkeypatch.setattr(singled, "MOST", 3)
    one = Singled(tmp_path)
    one.out(str(number) for number in range(9))
    later = Singled(tmp_path)
    assert [later.refused(str(number), []) for number in (5, 6, 8)] == [False, True, True]
    for number in range(20, 40):
        one.refused(str(number), [])
    assert len(one._refused) <= 3
