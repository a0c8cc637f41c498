"""Measure downloads of small files against a bare program that does the same in the same run."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from acav1m.bench import file_server
from acav1m.net.address import Addresses
from acav1m.net.gate import Gate
from acav1m.net.host import Pace
from acav1m.net.http import Fetcher, Got
from acav1m.net.pool import Pool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

CONNECTIONS = 16
FILES = 500
BYTES = 200_000
"""As much as two seconds of small video have."""

DELAYS_S = (0.0, 0.02)
"""Before each answer: none, where processors decide; and that of a near host."""

ROUNDS = 5
"""Each way takes turns with the other, so that what else runs slows both."""


def figures(
    files: int = FILES,
    size: int = BYTES,
    delays_s: Sequence[float] = DELAYS_S,
    rounds: int = ROUNDS,
) -> dict[str, Any]:
    """Seconds of each round, ours and the other program's, and their median ratio, by delay.

    Without such a program there is no ratio.
    """
    other = next((name for name in _OTHERS if shutil.which(name)), None)
    found = [_compare(files, size, delay_s, rounds, other) for delay_s in delays_s]
    return {
        "files": files,
        "bytes": size,
        "connections": CONNECTIONS,
        "rounds": rounds,
        "other": other,
        "delays": found,
    }


def text(found: Mapping[str, Any]) -> str:
    """A line per delay."""
    lines = [
        f"{found['files']} files of {found['bytes']} bytes over {found['connections']} connections "
        f"to this machine, median of {found['rounds']} rounds that take turns"
    ]
    for one in found["delays"]:
        line = f"answers after {one['delay_s'] * 1000:g} ms: {_speed(found, one['ours_s'])} acav1m"
        if found["other"] is not None:
            line += f", {_speed(found, one['other_s'])} {found['other']}"
            line += f"; {one['ratio']:.2f} times its time"
        lines.append(line)
    if found["other"] is None:
        lines.append("neither curl nor aria2c is there to compare with")
    return "\n".join(lines)


def _speed(found: Mapping[str, Any], took_s: Sequence[float]) -> str:
    return f"{found['files'] / median(took_s):.0f} files/s"


def _compare(
    files: int, size: int, delay_s: float, rounds: int, other: str | None
) -> dict[str, Any]:
    ours_s, other_s = [], []
    with _server(size, delay_s) as url:
        for _ in range(rounds):
            if other is not None:
                other_s.append(_timed(_OTHERS[other], url, files, size))
            ours_s.append(_timed(_fetch, url, files, size))
    ratios = [ours / theirs for ours, theirs in zip(ours_s, other_s, strict=False)]
    return {
        "delay_s": delay_s,
        "ours_s": ours_s,
        "other_s": other_s,
        "ratio": median(ratios) if ratios else None,
    }


@contextmanager
def _server(size: int, delay_s: float) -> Iterator[str]:
    """A server in a process of its own; its URL."""
    command = [sys.executable, "-m", file_server.__name__, str(size), str(delay_s)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        yield f"http://127.0.0.1:{int(child.stdout.readline())}"


def _timed(fetch: Callable[[str, int, Path], None], url: str, files: int, size: int) -> float:
    """Seconds until all files are there, which is checked."""
    with TemporaryDirectory(prefix="acav1m-bench-") as folder:
        start_s = time.perf_counter()
        fetch(url, files, Path(folder))
        took_s = time.perf_counter() - start_s
        sizes = [(Path(folder) / str(index)).stat().st_size for index in range(files)]
    if sizes != [size] * files:
        raise AssertionError("a file is missing or cut short")
    return took_s


def _fetch(url: str, files: int, folder: Path) -> None:
    """As the download stage does: with checks, checksums and the gate, in one process."""
    with TemporaryDirectory(prefix="acav1m-bench-") as shared:
        gate = Gate(Path(shared), Pace(slots=CONNECTIONS))
        fetcher = Fetcher(gate, addresses=Addresses(("127.0.0.1/32",)))
        pool: Pool[Got] = Pool(CONNECTIONS, ahead=files)

        def errand(index: int) -> Callable[[Callable[[], None]], Got]:
            return lambda alive: fetcher.fetch(f"{url}/{index}", folder / str(index), alive=alive)

        for index in range(files):
            pool.start(str(index), errand(index))
        for index in range(files):
            pool.result(str(index))
        pool.close()
        fetcher.close()
        gate.close()


def _curl(url: str, files: int, folder: Path) -> None:
    many = ["--parallel", "--parallel-max", str(CONNECTIONS)]
    urls = [f"{url}/[0-{files - 1}]", "--output", str(folder / "#1")]
    subprocess.run(["curl", "--silent", "--fail", "--noproxy", "*", *many, *urls], check=True)


def _aria2c(url: str, files: int, folder: Path) -> None:
    many = [f"--max-concurrent-downloads={CONNECTIONS}", "--quiet", "--input-file=-"]
    urls = "".join(f"{url}/{index}\n" for index in range(files))
    subprocess.run(["aria2c", *many, f"--dir={folder}"], input=urls.encode(), check=True)


_OTHERS = {"curl": _curl, "aria2c": _aria2c}
