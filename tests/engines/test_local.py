"""One clip cannot hurt another, and no work is lost or done twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from acav1m.engines import Limits
from acav1m.engines.journal import Journal
from acav1m.engines.local import LocalEngine
from acav1m.errors import AcavError
from acav1m.work import Work

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _poison_is_importable(monkeypatch):
    monkeypatch.syspath_prepend(HERE)


def run(folder: Path, rows: list[dict], *, size=5, workers=2, limits=None, job="Poison"):
    """Run rows that have no result yet; return all results, and what the engine told of."""
    out = folder / "out"
    out.mkdir(exist_ok=True)
    rows = [row for row in rows if row["key"] not in results(out)]
    told: list[list[dict]] = []
    with Work(folder / "work") as work:
        (work.folder / "store").mkdir(exist_ok=True)
        engine = LocalEngine(workers, limits or Limits(timeout_s=60), work.scratch)
        spec = {"is": f"poison:{job}", "options": {"folder": str(out)}}
        try:
            for part in engine.run(work.parts(spec, rows, size), told.append):
                work.finished(part)
        finally:
            engine.close()
    return results(out), told


def results(out: Path) -> dict[str, dict]:
    found = [r for path in out.glob("*.json") for r in json.loads(path.read_text())]
    assert len(found) == len({r["key"] for r in found})
    return {r["key"]: r for r in found}


def runs(folder: Path) -> Counter:
    return Counter((folder / "out" / "runs").read_text().split())


def rows(count: int, **odd: str) -> list[dict]:
    return [{"key": f"r{i}", "do": odd.get(f"r{i}", "ok")} for i in range(count)]


def test_every_kind_of_poison_is_named_and_healthy_rows_run_exactly_once(tmp_path):
    poison = {"r3": "raise", "r7": "segv", "r12": "kill", "r18": "exit", "r23": "segv"}

    found, _ = run(tmp_path, rows(30, **poison))

    states = {key: r["state"] for key, r in found.items() if r["state"] != "done"}
    assert states == {"r3": "bug", "r7": "crash", "r12": "crash", "r18": "crash", "r23": "crash"}
    assert "ValueError: as told (poison.py:" in found["r3"]["reason"]
    assert found["r7"]["reason"] == "the decoder crashed (SIGSEGV)"
    assert found["r12"]["reason"] == "the decoder crashed (SIGKILL)"
    assert found["r18"]["reason"] == "the worker ended with exit code 3"
    assert len(found) == 30
    counted = runs(tmp_path)
    assert {k for k, n in counted.items() if n > 1} == {"r7", "r12", "r18", "r23"}
    assert all(counted[key] == 2 for key in ("r7", "r12", "r18", "r23"))


def test_each_row_is_told_of_once(tmp_path):
    _, told = run(tmp_path, rows(12, r4="kill"))

    assert Counter(row["key"] for results in told for row in results) == Counter(
        f"r{i}" for i in range(12)
    )


def test_a_job_may_choose_the_order_and_results_are_stored_in_that_of_the_part(tmp_path):
    found, told = run(tmp_path, rows(8, r5="segv", r2="kill"), size=8, job="Backwards")

    (stored,) = (tmp_path / "out").glob("*.json")
    assert [r["key"] for r in json.loads(stored.read_text())] == [f"r{i}" for i in range(8)]
    assert {key for key, r in found.items() if r["state"] == "crash"} == {"r2", "r5"}
    # Each is told of once: those done before a death in their order, who died as given up.
    keys = [row["key"] for results in told for row in results]
    assert keys == ["r7", "r6", "r5", "r4", "r3", "r2", "r1", "r0"]
    counted = runs(tmp_path)
    assert counted == {f"r{i}": 2 if i in (2, 5) else 1 for i in range(8)}
    assert (tmp_path / "out" / "ahead").read_text().split() == ["8", "6", "5", "3", "2"]


def test_who_dies_while_it_waits_costs_rows_but_not_the_build(tmp_path):
    found, _ = run(tmp_path, rows(3, r1="wait"), size=3, job="Backwards")

    assert {key: r["state"] for key, r in found.items()} == {
        "r0": "crash",
        "r1": "crash",
        "r2": "done",
    }


def test_a_hanging_row_costs_its_timeout_once(tmp_path):
    found, _ = run(tmp_path, rows(6, r2="hang"), limits=Limits(timeout_s=4))

    assert found["r2"]["state"] == "timeout"
    assert found["r2"]["reason"] == "no progress for 4 s"
    assert runs(tmp_path)["r2"] == 1
    assert sum(r["state"] == "done" for r in found.values()) == 5


def test_a_long_row_that_says_it_is_alive_is_left_alone(tmp_path):
    found, _ = run(tmp_path, rows(3, r1="slow"), limits=Limits(timeout_s=1.5))

    assert {r["state"] for r in found.values()} == {"done"}


def test_a_bloated_row_is_stopped_and_named(tmp_path):
    limits = Limits(timeout_s=60, memory_bytes=400 * 1024**2)

    found, _ = run(tmp_path, rows(6, r2="bloat"), limits=limits)

    assert found["r2"]["state"] == "memory"
    assert "0.4 GB" in found["r2"]["reason"]
    assert sum(r["state"] == "done" for r in found.values()) == 5


def test_a_full_disk_stops_the_build_and_blames_no_row(tmp_path):
    with pytest.raises(AcavError, match="/somewhere: No space left on device"):
        run(tmp_path, rows(6, r2="disk"))
    (tmp_path / "out" / "room").touch()
    found, _ = run(tmp_path, rows(6, r2="disk"))

    assert {r["state"] for r in found.values()} == {"done"}


def test_a_worker_that_cannot_start_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with pytest.raises(AcavError, match="died outside any clip"):
        run(tmp_path, rows(2))


KILLED = """
import sys
sys.path[:0] = {path}
from pathlib import Path
from test_local import run
rows = [{{"key": f"r{{i}}", "do": "slow" if i % 4 == 0 else "ok"}} for i in range(24)]
run(Path({folder!r}), rows)
"""


@pytest.mark.slow
def test_killed_again_and_again_it_ends_with_every_row_once_and_no_orphans(tmp_path):
    code = KILLED.format(path=[str(HERE), *sys.path], folder=str(tmp_path))
    for after_s in (1.5, 2.5, 3.5):
        driver = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
        time.sleep(after_s)
        workers = psutil.Process(driver.pid).children()
        os.kill(driver.pid, signal.SIGKILL)
        driver.wait()
        _, alive = psutil.wait_procs(workers, timeout=5)
        assert not alive
    subprocess.run([sys.executable, "-c", code], check=True)

    found = results(tmp_path / "out")
    assert sorted(found) == sorted(f"r{i}" for i in range(24))
    assert {r["state"] for r in found.values()} == {"done"}
    assert sum(runs(tmp_path).values()) <= 24 + 3 * 2  # at most the rows in flight, each kill


def test_a_torn_journal_line_is_forgotten(tmp_path):
    journal = Journal(tmp_path / "journal")
    journal.start(0)
    journal.done(0, [{"key": "a"}])
    journal.start(1)
    with journal.path.open("ab") as file:
        file.write(b'{"done": 1, "resu')

    journal.mend()
    state = journal.read()

    assert state.done == {0: [{"key": "a"}]}
    assert state.started == 1


def test_a_second_build_in_the_same_work_folder_is_refused(tmp_path):
    with (
        Work(tmp_path / "work"),
        pytest.raises(AcavError, match="another build is using it"),
        Work(tmp_path / "work"),
    ):
        pass


def test_what_is_struck_out_of_a_journal_is_done_again_whatever_died_of_it(tmp_path):
    journal = Journal(tmp_path / "journal")
    for row in (0, 1):
        journal.start(row)
        journal.died(row, "timeout", "no progress for 4 s")
        journal.done(row, [{"key": f"r{row}", "state": "timeout" if row else "crash"}])

    journal.forget(lambda result: result["state"] == "timeout")
    state = journal.read()

    assert state.done == {0: [{"key": "r0", "state": "crash"}]}
    assert list(state.deaths) == [0]
