"""All processes of a build ask a host in turn, and stop together when it is us who are refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from acav1m.errors import AcavError, ClipError
from acav1m.net.address import Addresses
from acav1m.net.book import Book
from acav1m.net.gate import Blocked, Gate
from acav1m.net.host import PROBES, Pace
from acav1m.net.outcome import KINDS, FetchError
from acav1m.net.place import Place

HOST = "media.example"


@pytest.fixture
def gate(tmp_path, clock):
    def make(**pace) -> Gate:
        made.append(Gate(tmp_path / "gate", Pace(**pace), clock=clock, sleep=clock.sleep))
        return made[-1]

    made: list[Gate] = []
    yield make
    for one in made:
        one.close()


def visit(gate: Gate, key: str, kind: str | None = None, host: str = HOST, **more) -> None:
    """Ask once, with that outcome."""
    try:
        with gate.visit(host, key):
            if kind is not None:
                raise FetchError(kind, KINDS[kind].means, **more)
    except FetchError:
        pass


def probe(gate: Gate, kind: str = "blocked", host: str = HOST) -> None:
    """Ask for as many new candidates as decide, all with that outcome."""
    for number in range(PROBES):
        visit(gate, f"probe {number}", kind, host)


def test_rates_hold_for_all_gates_of_a_folder(gate, clock):
    gates = [gate(rate_per_s=2, burst=1), gate(rate_per_s=2, burst=1)]
    start_s = clock()
    for index in range(9):
        visit(gates[index % 2], str(index))
    assert clock() - start_s == pytest.approx(4)


def test_hosts_do_not_wait_for_one_another(gate, clock):
    one = gate(rate_per_s=1, burst=1)
    start_s = clock()
    for index in range(9):
        visit(one, "a", host=f"host{index}.example")
    assert clock() == start_s


def test_retry_after_holds_for_all_gates_of_a_folder(gate, clock):
    start_s = clock()
    visit(gate(), "a", "rate_limited", retry_after_s=30)
    visit(gate(), "b")
    assert clock() - start_s >= 30


def test_a_host_that_complains_is_asked_more_slowly(gate, clock):
    one = gate(rate_per_s=10, burst=1)
    visit(one, "a", "rate_limited")
    visit(one, "b")
    start_s = clock()
    visit(one, "c")
    assert clock() - start_s == pytest.approx(1 / 5)


def test_a_candidate_that_is_always_refused_slows_the_others_down_once(gate, clock):
    one = gate(rate_per_s=10, burst=1)
    for _ in range(6):
        visit(one, "a", "rate_limited")
    visit(one, "b")
    start_s = clock()
    visit(one, "c")
    assert clock() - start_s == pytest.approx(1 / 5)


def test_no_more_than_the_slots_ask_at_once(tmp_path):
    gates = [Gate(tmp_path, Pace(slots=3)), Gate(tmp_path, Pace(slots=3))]
    inside, most, lock = 0, 0, threading.Lock()

    def ask(gate: Gate) -> None:
        nonlocal inside, most
        for _ in range(5):
            with gate.visit(HOST, "a"):
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.002)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=ask, args=(gates[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most == 3
    for one in gates:
        one.close()


HOLDING = """
import sys, time
from pathlib import Path
from acav1m.net.gate import Gate
from acav1m.net.host import Pace
with Gate(Path(sys.argv[1]), Pace(slots=1)).visit("media.example", "a"):
    print("inside", flush=True)
    time.sleep(60)
"""


def test_a_killed_process_leaves_no_slot_taken(tmp_path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDING, tmp_path], stdout=subprocess.PIPE, env=environment
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"inside\n"
    place = Place(tmp_path, HOST, 1)
    assert place._take() is None
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert place._take() is not None


def test_a_record_that_was_left_half_written_is_begun_anew(gate, tmp_path, clock):
    one = gate(rate_per_s=1, burst=1)
    visit(one, "a", "rate_limited", retry_after_s=500)
    file = tmp_path / "gate" / f"{HOST}.json"
    file.write_bytes(file.read_bytes().replace(b'"due_s"', b'"due"'))
    start_s = clock()
    visit(gate(rate_per_s=1, burst=1), "b")
    assert clock() == start_s
    assert json.loads(file.read_bytes().partition(b"\x00")[0])["due_s"] == start_s + 1


def test_a_host_of_any_name_has_a_record_of_its_own(tmp_path):
    names = ["a.example", "a.example:80", "a_example_80", "[::1]", "x" * 300, "x" * 299, "../up"]
    for name in names:
        book = Book(tmp_path / ".", name)
        with book.open() as host:
            host.due_s += 1
        book.close()
    files = list(tmp_path.glob("*.json"))
    assert len(files) == len(names)
    assert all(json.loads(file.read_bytes().partition(b"\x00")[0])["due_s"] == 1 for file in files)


def test_only_so_many_records_are_kept_open(gate, monkeypatch):
    monkeypatch.setattr("acav1m.net.gate.OPEN_PLACES", 5)
    one = gate()
    for index in range(20):
        visit(one, "a", host=f"host{index}.example")
    assert len(one._places) == 5


def test_a_block_pauses_then_probes_then_stops(gate, clock):
    one = gate(stop_after=8, pause_s=60)
    start_s = clock()
    for index in range(8):
        visit(one, str(index), "blocked")
    assert clock() == start_s
    with pytest.raises(Blocked, match=r"media\.example: all of the last 8 candidates") as caught:
        probe(one)
    assert clock() - start_s >= 60
    assert isinstance(caught.value, AcavError)
    assert not isinstance(caught.value, ClipError)
    for other in (one, gate()):
        with pytest.raises(Blocked):
            visit(other, "next")


def test_a_probe_that_succeeds_lets_all_go_on(gate, clock):
    one = gate(stop_after=3, pause_s=60)
    for index in range(3):
        visit(one, str(index), "bot_check")
    visit(one, "probe")
    start_s = clock()
    for index in range(3, 5):
        visit(one, str(index), "bot_check")
    visit(one, "fine")
    assert clock() == start_s


@pytest.mark.parametrize("kind", ["not_found", "not_media", "timeout", "server_error", "noai"])
def test_failures_of_candidates_never_stop_a_build(gate, clock, kind):
    one = gate(stop_after=3)
    start_s = clock()
    for index in range(50):
        visit(one, str(index), kind)
    assert clock() == start_s


def test_one_candidate_tried_often_stops_nothing(gate, clock):
    one = gate(stop_after=3)
    start_s = clock()
    for _ in range(50):
        visit(one, "same", "blocked")
    assert clock() == start_s


def test_candidates_refused_while_others_were_served_stop_nothing_ever_after(gate, clock):
    one, start_s = gate(stop_after=3, pause_s=60), clock()
    for number in range(20):
        visit(one, f"refused {number}", "blocked")
        visit(one, f"served {number}")
    again = gate(stop_after=3, pause_s=60)
    again.reopen()
    for either in (one, again):
        for number in range(20):
            visit(either, f"refused {number}", "blocked")
    assert clock() == start_s
    for number in range(3):
        visit(again, f"new {number}", "blocked")
    assert clock() == start_s
    visit(again, "refused 1", "blocked")
    assert clock() - start_s >= 60


def test_who_was_singled_out_by_another_process_is_so_for_all(gate, clock):
    one, other, start_s = gate(stop_after=3), gate(stop_after=3), clock()
    for number in range(2):
        visit(one, f"refused {number}", "blocked")
    visit(other, "served")
    for number in range(2, 4):
        visit(one, f"refused {number}", "blocked")
    for _ in range(3):
        for number in range(2):
            visit(one, f"refused {number}", "blocked")
    visit(one, "new")
    assert clock() == start_s


def test_who_was_singled_out_is_no_probe_that_decides(gate):
    one = gate(stop_after=2, pause_s=60)
    for number in range(9):
        visit(one, f"refused {number // 2}", "blocked")
        visit(one, "served")
    for key in "ab":
        visit(one, key, "blocked")
    for number in range(4):
        visit(one, f"refused {number}", "blocked")
    visit(one, "served")


@pytest.mark.parametrize("kind", ["timeout", "reset"])
def test_silence_is_no_answer_that_ends_the_suspicion(gate, clock, kind):
    one, start_s = gate(stop_after=3, pause_s=60), clock()
    for number in range(3):
        visit(one, f"refused {number}", "blocked")
        visit(one, "silent", kind)
    assert clock() - start_s >= 60


def test_only_one_probes_while_the_others_wait(tmp_path):
    pace = Pace(stop_after=2, pause_s=0.2, slots=4)
    gates = [Gate(tmp_path, pace) for _ in range(4)]
    for index in range(2):
        visit(gates[0], str(index), "blocked")
    asked, blocked, inside, most = [], [], 0, 0

    def ask(gate: Gate, key: str) -> None:
        nonlocal inside, most
        try:
            with gate.visit(HOST, key):
                asked.append(key)
                inside += 1
                most = max(most, inside)
                time.sleep(0.2)
                inside -= 1
                raise FetchError("blocked", "403")
        except Blocked:
            blocked.append(key)
        except FetchError:
            pass

    threads = [threading.Thread(target=ask, args=(g, f"k{n}")) for n, g in enumerate(gates)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(asked) == PROBES
    assert most == 1
    assert len(blocked) == 4 - (PROBES - 1)
    for one in gates:
        one.close()


@pytest.mark.parametrize("name", [HOST, "127.0.0.1:8080", "a-very-long-name." * 8 + "example"])
def test_the_next_build_asks_a_few_and_goes_on_or_stops(gate, clock, name):
    one = gate(stop_after=2, pause_s=60)
    for key in "ab":
        visit(one, key, "blocked", name)
    with pytest.raises(Blocked):
        probe(one, host=name)
    again = gate(stop_after=2, pause_s=60)
    again.reopen()
    start_s = clock()
    with pytest.raises(Blocked):
        probe(again, host=name)
    assert clock() == start_s
    third = gate(stop_after=2, pause_s=60)
    third.reopen()
    for key in "efg":
        visit(third, key, None, name)
    assert clock() == start_s


def test_names_that_are_not_found_anywhere_stop_all_hosts(gate, clock):
    one = gate(stop_after=3, pause_s=60)
    for index in range(3):
        visit(one, "a", "dns", host=f"host{index}.example")
    start_s = clock()
    for index in range(PROBES - 1):
        visit(one, "b", "dns", host=f"probe{index}.example")
    with pytest.raises(Blocked, match="mend its network"):
        visit(one, "b", "dns", host="last.example")
    assert clock() - start_s >= 60
    with pytest.raises(Blocked):
        visit(one, "c", host="fine.example")


def test_a_name_that_is_found_ends_the_suspicion(gate, clock):
    one = gate(stop_after=3)
    start_s = clock()
    for index in range(9):
        visit(one, "a", "dns", host=f"host{index}.example")
        if index % 2:
            visit(one, "a", "not_found", host="fine.example")
    assert clock() == start_s


def test_dead_names_alone_stop_nothing(gate, clock):
    one = gate(stop_after=3)
    start_s = clock()
    for index in range(20):
        visit(one, str(index), "dns", host=f"host{index}.example", us=False)
        visit(one, str(index), "dns", host="gone.example", us=False)
    assert clock() == start_s


def test_what_is_no_failure_of_a_download_is_not_remembered(gate):
    one = gate(stop_after=1)
    with pytest.raises(ZeroDivisionError), one.visit(HOST, "a"):
        raise ZeroDivisionError
    book = Book(one.folder, HOST)
    assert book.calm
    book.close()


def test_a_host_that_calmed_down_is_asked_without_a_lock(gate, clock, tmp_path):
    one = gate()
    visit(one, "a", "rate_limited", retry_after_s=5)
    book = Book(tmp_path / "gate", HOST)
    assert not book.calm
    for _ in range(500):
        visit(one, "b")
    assert book.calm
    book.close()


def test_a_server_gone_bad_stops_all_and_the_same_command_finishes(
    server, serving, fetcher, tmp_path, clock
):
    """Nothing that failed meanwhile is permanent."""
    out = tmp_path / "out"
    out.mkdir()
    keys = [f"/{index}.mp4" for index in range(30)]
    server.default = serving.good(serving.MEDIA[:5000])
    got, failed = set(), {}

    def build() -> None:
        one = fetcher(Pace(stop_after=8, pause_s=60))
        one.gate.reopen()
        for key in keys:
            if key in got:
                continue
            if len(got) == 10 and not failed:
                server.default = serving.status(403)
            try:
                one.fetch(f"http://127.0.0.1:{server.port}{key}", out / key[1:], key=key)
                got.add(key)
                failed.pop(key, None)
            except FetchError as error:
                failed[key] = error

    with pytest.raises(Blocked, match="all of the last 8 candidates failed: blocked"):
        build()
    assert len(got) == 10
    assert all(error.transient for error in failed.values())
    asked = server.asked.total()
    with pytest.raises(Blocked):
        build()
    assert server.asked.total() == asked + PROBES * 2 - 1  # each is tried twice but the last
    server.default = serving.good(serving.MEDIA[:5000])
    build()
    assert got == set(keys)


def test_a_gate_is_passed_at_each_redirect(server, serving, fetcher, tmp_path):
    addresses = Addresses(("127.0.0.1/32",), resolve=lambda host, port: ["127.0.0.1"])
    one = fetcher(addresses=addresses)
    server.url("/b.mp4", serving.good())
    url = server.url("/a.mp4", serving.redirect(f"http://cdn.example:{server.port}/b.mp4"))
    one.fetch(url, tmp_path / "a.mp4")
    names = {path.name for path in one.gate.folder.glob("*.json")}
    assert len(names) == 2
    assert any(name.startswith("cdn.example") for name in names)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "gate").write_text("")
    with pytest.raises(AcavError, match="gate"):
        Gate(Path(tmp_path / "gate"))


def test_the_longest_streak_that_may_be_asked_for_fits_its_record(gate, clock):
    one = gate(stop_after=64, pause_s=60)
    for index in range(64):
        visit(one, f"https://media.example/{index}" * 50, "rate_limited")
    start_s = clock()
    with pytest.raises(Blocked):
        probe(one)
    assert clock() - start_s >= 60
    with pytest.raises(Blocked):
        visit(gate(stop_after=64), "next")
