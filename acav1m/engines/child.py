"""The worker process: runs the rows of parts, and may die without hurting anybody.

It reads the path of a part per line of standard input and answers with JSON lines. When its
parent is gone (also by SIGKILL) it ends with everything it started.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import signal
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from acav1m.engines import LooksAhead
from acav1m.engines.journal import Journal, State
from acav1m.errors import AcavError

if TYPE_CHECKING:
    from acav1m.engines import Job, Row

TRIES = 2
"""Crashes on one row before it is given up; hanging and bloat are not tried again."""


def main() -> None:
    """Serve parts until standard input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # a stray print must not end up among the answers
    with suppress(OSError):  # the kernel should take a worker, not the driver, when memory ends
        Path("/proc/self/oom_score_adj").write_text("1000")
    paths: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_listen, args=(paths,), daemon=True).start()
    jobs: dict[str, Job] = {}
    while True:
        part = json.loads(Path(paths.get()).read_text(encoding="utf-8"))
        try:
            _run(part, _job(jobs, part["job"]), answers)
        except AcavError as error:  # the user must act: a full disk, a missing model
            _say(answers, {"error": str(error)})
        except OSError as error:
            _say(answers, {"error": f"{error.filename or 'work folder'}: {error.strerror}"})
        else:
            _say(answers, {"part": part["id"]})


def _listen(paths: queue.Queue[str]) -> None:
    for line in sys.stdin:
        paths.put(line.rstrip("\n"))
    os.killpg(0, signal.SIGKILL)


def _job(jobs: dict[str, Job], spec: dict[str, Any]) -> Job:
    """Make a job once per worker, so that its models load once."""
    key = json.dumps(spec, sort_keys=True)
    if key not in jobs:
        module, _, name = spec["is"].partition(":")
        jobs.clear()
        jobs[key] = getattr(importlib.import_module(module), name)(**spec["options"])
    return jobs[key]


def _run(part: dict[str, Any], job: Job, answers: IO[str]) -> None:
    journal = Journal(Path(part["journal"]))
    journal.mend()
    state = journal.read()
    if isinstance(job, LooksAhead):
        job.ahead(part["id"], [r for n, r in enumerate(part["rows"]) if n not in state.done])
    for index, row in enumerate(part["rows"]):
        if index not in state.done:
            state.done[index] = _row(job, row, index, state, journal)
        _say(answers, {"done": state.done[index]})
    job.commit(part["id"], [r for index in sorted(state.done) for r in state.done[index]])


def _row(job: Job, row: Row, index: int, state: State, journal: Journal) -> list[Row]:
    deaths = state.deaths.get(index, [])
    if len(deaths) >= TRIES or any(kind != "crash" for kind, _ in deaths):
        results = job.lost(row, *deaths[-1])
    else:
        journal.start(index)
        try:
            results = job.run(row, journal.alive)
        except (AcavError, OSError, MemoryError):
            raise
        except Exception as error:  # a bug costs its clip, named as a bug, not the build
            traceback.print_exc()
            results = job.lost(row, "bug", _where(error))
    journal.done(index, results)
    return results


def _where(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(frame.filename).name}:{frame.lineno})"


def _say(answers: IO[str], message: dict[str, Any]) -> None:
    answers.write(json.dumps(message, allow_nan=False) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
