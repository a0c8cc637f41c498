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
    from collections.abc import Iterator

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
    done = state.done
    for results in done.values():  # in the order in which they were said before
        _say(answers, {"done": results})
    for index, results in _results(job, part, state, journal):
        journal.done(index, results)
        done[index] = results
        _say(answers, {"done": results})
    job.commit(part["id"], [row for index in sorted(done) for row in done[index]])


def _results(
    job: Job, part: dict[str, Any], state: State, journal: Journal
) -> Iterator[tuple[int, list[Row]]]:
    """Yield what comes of each row that is not done, those that were given up first."""
    left = {index: row for index, row in enumerate(part["rows"]) if index not in state.done}
    for index, deaths in state.deaths.items():
        if index in left and (len(deaths) >= TRIES or any(kind != "crash" for kind, _ in deaths)):
            yield index, job.lost(left.pop(index), *deaths[-1])
    if isinstance(job, LooksAhead):
        job.ahead(part["id"], list(left.values()))
    while left:
        index = _next(job, left, journal)
        journal.start(index)
        yield index, _row(job, left.pop(index), journal)


def _next(job: Job, left: dict[int, Row], journal: Journal) -> int:
    """The number of the row to do next; a death while none can be done is put down to the first."""
    first = next(iter(left))
    if not isinstance(job, LooksAhead):
        return first
    journal.start(first)
    return job.ready(left, journal.alive)


def _row(job: Job, row: Row, journal: Journal) -> list[Row]:
    try:
        return job.run(row, journal.alive)
    except (AcavError, OSError, MemoryError):
        raise
    except Exception as error:  # a bug costs its clip, named as a bug, not the build
        traceback.print_exc()
        return job.lost(row, "bug", _where(error))


def _where(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(frame.filename).name}:{frame.lineno})"


def _say(answers: IO[str], message: dict[str, Any]) -> None:
    answers.write(json.dumps(message, allow_nan=False) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
