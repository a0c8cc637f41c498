"""Ways to fetch many files: ours in worker processes, and other programs."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Self

from acav1m.errors import AcavError
from acav1m.net.address import Addresses
from acav1m.net.gate import Gate
from acav1m.net.host import Pace
from acav1m.net.http import Fetcher

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess


class Took(NamedTuple):
    """What fetching cost."""

    wall_s: float
    cpu_s: float


class Workers:
    """Processes that wait to fetch, as those of a build do, and share one gate."""

    def __init__(self, count: int, connections: int) -> None:
        self._each = max(connections // count, 1)
        self._slots = connections
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes: list[BaseProcess] = []
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)
            ours.recv()  # it is there
        self.peak_bytes = 0
        """Of memory, in the largest process so far."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.terminate()
            process.join()

    def fetch(self, url: str, files: int, folder: Path) -> Took:
        """Fetch `<url>/0` and so on, each process its share; checks and checksums included."""
        with TemporaryDirectory(prefix="acav1m-bench-") as gate:
            start_s = time.perf_counter()
            for first, pipe in enumerate(self._pipes):
                share = range(first, files, len(self._pipes))
                pipe.send((url, share, folder, Path(gate), self._slots, self._each))
            answers = [pipe.recv() for pipe in self._pipes]
            wall_s = time.perf_counter() - start_s
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        self.peak_bytes = max(self.peak_bytes, *(peak for _, peak in answers))
        return Took(wall_s, sum(cpu_s for cpu_s, _ in answers))


def _work(pipe: Connection) -> None:
    """Fetch what is asked for, until nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who began us ends us
    pipe.send(None)
    while True:
        try:
            errand = pipe.recv()
        except EOFError:
            return
        start_s = time.process_time()
        try:
            _fetch(*errand)
        except Exception as error:  # for the one who asked
            pipe.send(error)
        else:
            pipe.send((time.process_time() - start_s, _peak_bytes()))


def _fetch(url: str, share: range, folder: Path, shared: Path, slots: int, threads: int) -> None:
    """Fetch as a worker of a build does, in threads that share connections and what is to do."""
    with ExitStack() as stack:
        gate = Gate(shared, Pace(slots=slots))
        stack.callback(gate.close)
        fetcher = Fetcher(gate, addresses=Addresses(("127.0.0.1/32",)))
        stack.callback(fetcher.close)
        todo, taking = iter(share), Lock()

        def work(_: int) -> None:
            while True:
                with taking:
                    index = next(todo, None)
                if index is None:
                    return
                fetcher.fetch(f"{url}/{index}", folder / str(index))

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, range(threads)))


def _peak_bytes() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def curl(url: str, files: int, folder: Path, connections: int) -> None:
    """Have curl fetch them."""
    many = ["--parallel", "--parallel-immediate", "--parallel-max", str(connections)]
    urls = [f"{url}/[0-{files - 1}]", "--output", str(folder / "#1")]
    _run(["curl", "--silent", "--show-error", "--fail", "--noproxy", "*", *many, *urls])


def aria2c(url: str, files: int, folder: Path, connections: int) -> None:
    """Have aria2c fetch them."""
    many = [f"--max-concurrent-downloads={connections}", "--quiet", "--input-file=-"]
    urls = "".join(f"{url}/{index}\n" for index in range(files))
    _run(["aria2c", *many, f"--dir={folder}"], urls)


OTHERS: Mapping[str, Callable[[str, int, Path, int], None]] = {"curl": curl, "aria2c": aria2c}


def other(name: str, url: str, files: int, folder: Path, connections: int) -> Took:
    """What it costs another program, from its start to its end."""
    before_s = _children_s()
    start_s = time.perf_counter()
    OTHERS[name](url, files, folder, connections)
    return Took(time.perf_counter() - start_s, _children_s() - before_s)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(command: list[str], given: str = "") -> None:
    # curl draws its progress on stderr even where it is told to be silent
    done = subprocess.run(command, input=given, text=True, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise AcavError(f"{command[0]} failed: {said[-1] if said else done.returncode}")
