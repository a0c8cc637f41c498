"""The arithmetic of asking a host: spacing, halving, growing, and when to stop."""

from __future__ import annotations

import pytest

from acav1m.net.host import ADVICE, PROBES, Host, Pace
from acav1m.net.outcome import KINDS, FetchError

NOW_S = 1000.0


def complaint(retry_after_s: float | None = None) -> FetchError:
    return FetchError("rate_limited", "too often", retry_after_s=retry_after_s)


def ask_all(host: Host, pace: Pace, times: int, now_s: float = NOW_S) -> list[float]:
    """When so many requests go that come as early as they may."""
    went = []
    for _ in range(times):
        now_s = max(now_s, host.may_ask_s(pace))
        host.ask(now_s, pace)
        went.append(now_s)
    return went


def test_without_a_rate_nothing_waits():
    assert ask_all(Host(), Pace(), 1000) == [NOW_S] * 1000


def test_a_rate_lets_a_burst_through_and_then_spaces():
    went = ask_all(Host(), Pace(rate_per_s=2, burst=3), 7)
    assert went == [NOW_S] * 3 + [NOW_S + 0.5, NOW_S + 1, NOW_S + 1.5, NOW_S + 2]


def test_rest_is_not_saved_beyond_the_burst():
    host, pace = Host(), Pace(rate_per_s=2, burst=3)
    ask_all(host, pace, 3)
    assert ask_all(host, pace, 4, NOW_S + 100) == [NOW_S + 100] * 3 + [NOW_S + 100.5]


def test_a_complaint_halves_the_rate_once_however_many_were_under_way():
    host, pace = Host(), Pace(rate_per_s=8)
    for _ in range(5):
        host.complained(NOW_S - 1, NOW_S, 1, complaint(), pace)
    assert host.rate_per_s == 4
    host.complained(NOW_S + 1, NOW_S + 2, 1, complaint(), pace)
    assert host.rate_per_s == 2


def test_without_a_rate_the_observed_one_is_halved():
    host, pace = Host(), Pace()
    host.complained(NOW_S, NOW_S + 4, 10, complaint(), pace)
    assert host.rate_per_s == 5


def test_a_host_that_was_hardly_asked_is_not_held_to_half_of_that():
    host, pace = Host(), Pace()
    host.complained(NOW_S, NOW_S + 1, 0.1, complaint(), pace)
    assert host.rate_per_s == 1
    host.complained(NOW_S + 2, NOW_S + 3, 0.1, complaint(), pace)
    assert host.rate_per_s == 0.5


def test_the_rate_has_a_floor():
    host, pace = Host(), Pace(rate_per_s=0.06, slowest_per_s=0.05)
    host.complained(NOW_S, NOW_S, 1, complaint(), pace)
    assert host.rate_per_s == 0.05


def test_success_creeps_up_to_the_limit_that_was_set():
    host, pace = Host(rate_per_s=4), Pace(rate_per_s=8)
    host.good(NOW_S, pace)
    assert host.rate_per_s == pytest.approx(4.08)
    for _ in range(34):
        host.good(NOW_S, pace)
    assert host.rate_per_s == pytest.approx(8, rel=0.01)
    host.good(NOW_S, pace)
    assert host.rate_per_s is None


def test_another_failure_changes_no_rate():
    host, pace = Host(), Pace(rate_per_s=8)
    host.complained(NOW_S, NOW_S, 1, FetchError("server_error", "503"), pace)
    host.complained(NOW_S, NOW_S, 1, FetchError("not_found", "404"), pace)
    assert (host.rate_per_s, host.not_before_s) == (None, 0)


def test_retry_after_holds_all_and_is_never_shortened():
    host, pace = Host(), Pace(retry_after_cap_s=100)
    host.complained(NOW_S, NOW_S, 1, complaint(60), pace)
    host.complained(NOW_S, NOW_S, 1, complaint(5), pace)
    assert host.may_ask_s(pace) == NOW_S + 60
    host.complained(NOW_S, NOW_S, 1, FetchError("server_error", "503", retry_after_s=9e9), pace)
    assert host.may_ask_s(pace) == NOW_S + 100


def refuse(host: Host, pace: Pace, *keys: str, kind: str = "blocked") -> None:
    for key in keys:
        host.suspect(key, kind, NOW_S, pace)


def test_enough_refused_candidates_make_a_pause():
    host, pace = Host(), Pace(stop_after=3, pause_s=60)
    refuse(host, pace, "a", "b")
    assert host.resume_s is None
    refuse(host, pace, "c")
    assert host.may_ask_s(pace) == NOW_S + 60


def test_one_candidate_counts_once():
    host, pace = Host(), Pace(stop_after=3)
    refuse(host, pace, *["a", "b"] * 10)
    assert host.resume_s is None


def test_one_good_answer_ends_the_suspicion():
    host, pace = Host(), Pace(stop_after=3)
    refuse(host, pace, "a", "b")
    host.good(NOW_S, pace)
    refuse(host, pace, "c", "d")
    assert host.resume_s is None


def test_a_pause_is_not_put_off_by_those_that_were_under_way():
    host, pace = Host(), Pace(stop_after=2, pause_s=60)
    refuse(host, pace, "a", "b")
    host.suspect("c", "blocked", NOW_S + 30, pace)
    assert host.resume_s == NOW_S + 60


def test_the_stop_rule_may_be_switched_off():
    host, pace = Host(), Pace(stop_after=None)
    refuse(host, pace, *map(str, range(100)))
    assert (host.resume_s, host.suspects) == (None, {})


def test_the_message_says_what_was_seen_and_what_to_do():
    host, pace = Host(), Pace(stop_after=3)
    refuse(host, pace, "a", "b")
    refuse(host, pace, "c", kind="bot_check")
    last = FetchError("blocked", "access is denied: HTTP 403")
    assert [host.refuse_probe("media.example", last) for _ in range(PROBES - 1)] == [None] * 2
    said = host.refuse_probe("media.example", last)
    assert said == (
        "media.example: all of the last 3 candidates failed: blocked (2), bot_check (1), 3 of "
        "these asked one by one, after a pause: access is denied: HTTP 403. It seems that we are "
        "refused, not they: give cookies, use a proxy, ask more slowly, or wait. Then run the same "
        "command again: it continues, and none of these counts as gone"
    )
    assert host.stopped == said
    assert "\n" not in said


def test_a_good_answer_forgets_the_probes_before_it():
    host, pace = Host(), Pace(stop_after=3)
    refuse(host, pace, "a", "b", "c")
    host.refuse_probe("media.example", FetchError("blocked", "403"))
    host.good(NOW_S, pace)
    assert (host.probes, host.resume_s, host.suspects) == (0, None, {})


def test_there_is_advice_for_all_that_stops():
    assert set(ADVICE) == {name for name, kind in KINDS.items() if kind.us}


def test_another_build_begins_with_a_probe():
    host, pace = Host(), Pace(stop_after=1)
    refuse(host, pace, "a")
    for _ in range(PROBES):
        host.refuse_probe("media.example", FetchError("blocked", "403"))
    assert host.stopped is not None
    host.reopen()
    assert (host.stopped, host.may_ask_s(pace), host.probes) == (None, 0, 0)
    assert host.resume_s is not None
