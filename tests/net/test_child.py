"""A process that is spoken with in lines, and of which nothing is left."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from acav1m.net.child import Child

ECHO = "for line in sys.stdin: print(line, end='', flush=True)"
PATIENT_S = 20.0


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Child]:
    """Start a process that runs some code."""
    monkeypatch.syspath_prepend(tmp_path)

    def start(code: str) -> Child:
        (tmp_path / "some_module.py").write_text(f"import sys, subprocess, os\n{code}\n")
        return Child("some_module")

    return start


def test_what_is_said_is_heard_in_order(child: Callable[[str], Child]) -> None:
    with child(ECHO) as one:
        assert one.hear(0.0) is None
        one.say({"a": "ä\n"})
        one.say({"b": 2})
        assert [one.hear(PATIENT_S), one.hear(PATIENT_S)] == [{"a": "ä\n"}, {"b": 2}]


@pytest.mark.parametrize("code", ["", "print('{', end='')", "os._exit(3)"])
def test_one_that_says_no_more_is_noticed(child: Callable[[str], Child], code: str) -> None:
    with child(code) as one, pytest.raises(EOFError):
        one.hear(PATIENT_S)


def test_why_it_ended_is_known(child: Callable[[str], Child]) -> None:
    with child("print('x' * 9000, file=sys.stderr); sys.exit('the reason')") as one:
        code, complaints = one.complaints()
    assert code == 1
    assert complaints.endswith("the reason\n")
    assert len(complaints) <= 8000


def test_nothing_of_it_is_left(child: Callable[[str], Child]) -> None:
    start = f"subprocess.Popen([{sys.executable!r}, '-c', 'input()'], stdin=subprocess.PIPE)"
    with child(f"p = {start}\nprint(p.pid, flush=True)\nsys.stdin.read()") as one:
        grandchild = one.hear(PATIENT_S)
        assert isinstance(grandchild, int)
        process = psutil.Process(grandchild)
    assert psutil.wait_procs([process], timeout=PATIENT_S)[1] == []


def test_saying_something_to_one_that_is_gone_is_no_failure(child: Callable[[str], Child]) -> None:
    with child("") as one:
        one.complaints()
        one.say({"a": 1})
        one.say({"a": 1})
