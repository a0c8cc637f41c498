"""Measure downloads against a bare program that does the same in the same run.

All fetch the same files over as many connections from a server on this machine, and take turns, so
that what else runs slows all of them. Ours check, hash and pace what they fetch; the other only
fetches.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import psutil

from acav1m.bench import file_server
from acav1m.bench.fetching import OTHERS, Took, Workers, other
from acav1m.errors import AcavError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Way = Callable[[str, int, Path], Took]

CONNECTIONS = 16
WORKERS = (1, 2)
"""Processes that share the connections: a build has one for each processor, unless told."""

ROUNDS = 5


@dataclass(frozen=True)
class Case:
    """Files of one size, from a server that waits before each answer."""

    bytes: int
    delay_s: float
    files: int


CASES = (
    Case(16_000, 0.0, 2000),
    Case(128_000, 0.0, 1000),
    Case(512_000, 0.0, 500),
    Case(16_000, 0.02, 800),
    Case(128_000, 0.02, 800),
    Case(512_000, 0.02, 400),
    Case(100_000_000, 0.0, 1),
)
"""Clips of low resolution, and a whole video; without a wait, processors decide."""


def figures(
    cases: Sequence[Case] = CASES,
    rounds: int = ROUNDS,
    connections: int = CONNECTIONS,
    workers: Sequence[int] = WORKERS,
    folder: Path = Path(),
) -> dict[str, Any]:
    """Seconds of each round by way, and the median of its ratio to the other program's.

    Without such a program there is no ratio. Files are written to the current folder, as those of
    a build are, unless told; in memory (`/dev/shm`) processors decide more than anywhere else.
    """
    folder = _folder(folder)
    load = os.getloadavg()[0]
    name = next((one for one in OTHERS if shutil.which(one)), None)
    with ExitStack() as stack:
        ours = {count: stack.enter_context(Workers(count, connections)) for count in workers}
        ways: dict[str, Way] = {_label(count): one.fetch for count, one in ours.items()}
        if name is not None:
            ways[name] = partial(_other, name, connections)
        found = [_compare(case, rounds, ways, name, folder) for case in cases]
        peak = max(one.peak_bytes for one in ours.values())
    return {
        "connections": connections,
        "rounds": rounds,
        "folder": str(folder),
        "filesystem": _filesystem(folder),
        "processors": os.cpu_count(),
        "load": load,
        "other": name,
        "peak_bytes": peak,
        "cases": found,
    }


def cases(count: int | None = None) -> list[Case]:
    """All, or with so many small files each."""
    return [replace(one, files=count) if count and one.files > 1 else one for one in CASES]


def text(found: Mapping[str, Any]) -> str:
    """A block per case, a line per way."""
    lines = [
        f"from this machine to itself over {found['connections']} connections, "
        f"into {found['folder']} ({found['filesystem']}), "
        f"median of {found['rounds']} rounds that take turns",
        f"{found['processors']} processors, and a load of {found['load']:.1f} before we began",
    ]
    for case in found["cases"]:
        wait_ms = case["delay_s"] * 1000
        what = f"{case['files']} x {case['bytes'] / 1000:g} KB"
        lines.append(f"{what}, each after {wait_ms:g} ms:")
        lines += [_line(case, name, way, found["other"]) for name, way in case["ways"].items()]
    lines.append(f"our largest process had {found['peak_bytes'] / 1e6:.0f} MB of memory at most")
    if found["other"] is None:
        lines.append("neither curl nor aria2c is here to compare with: install one for ratios")
    return "\n".join(lines)


def _line(case: Mapping[str, Any], name: str, way: Mapping[str, Any], other: str | None) -> str:
    wall_s, cpu_s = median(way["wall_s"]), median(way["cpu_s"])
    files_per_s = case["files"] / wall_s
    line = (
        f"  {name:<20} {files_per_s:8.4g} files/s {files_per_s * case['bytes'] / 1e6:8.4g} MB/s"
        f" {cpu_s / case['files'] * 1000:8.3f} ms CPU/file"
    )
    return line if way["ratio"] is None else f"{line}   {way['ratio']:.2f} times {other}'s time"


def _label(count: int) -> str:
    return f"acav1m, {count} process{'es' if count > 1 else ''}"


def _other(name: str, connections: int, url: str, files: int, folder: Path) -> Took:
    return other(name, url, files, folder, connections)


def _compare(
    case: Case, rounds: int, ways: Mapping[str, Way], name: str | None, folder: Path
) -> dict[str, Any]:
    took: dict[str, list[Took]] = {way: [] for way in ways}
    sha256 = file_server.sha256(case.bytes)
    with _server(case) as url:
        for number in range(rounds):
            for way in _turned(list(ways), number):
                took[way].append(_checked(ways[way], url, case, sha256, folder))
    base = took.get(name or "")
    return {
        **asdict(case),
        "ways": {way: _costs(one, base) for way, one in took.items()},
    }


def _costs(took: Sequence[Took], base: Sequence[Took] | None) -> dict[str, Any]:
    """Each round's, and how they compare with the other program's."""
    pairs = zip(took, base or (), strict=base is not None)
    ratios = [one.wall_s / theirs.wall_s for one, theirs in pairs]
    return {
        "wall_s": [one.wall_s for one in took],
        "cpu_s": [one.cpu_s for one in took],
        "ratio": median(ratios) if ratios and took is not base else None,
    }


def _turned(ways: list[str], number: int) -> list[str]:
    """Who begins changes from round to round."""
    first = number % len(ways)
    return ways[first:] + ways[:first]


@contextmanager
def _server(case: Case) -> Iterator[str]:
    """A server in a process of its own; its URL."""
    words = [str(case.bytes), str(case.delay_s)]
    command = [sys.executable, "-m", file_server.__name__, *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        yield f"http://127.0.0.1:{int(child.stdout.readline())}"


def _checked(way: Way, url: str, case: Case, sha256: str, within: Path) -> Took:
    """What it took until all files are there, and all of them right."""
    with TemporaryDirectory(prefix="acav1m-bench-", dir=within) as folder:
        took = way(url, case.files, Path(folder))
        for index in range(case.files):
            with (Path(folder) / str(index)).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != sha256:
                raise AcavError(f"file {index} is not what the server sent")
    return took


def _folder(told: Path) -> Path:
    """Where files are written.

    Raises:
        AcavError: Nothing can be written there.
    """
    if not told.is_dir():
        raise AcavError(f"--folder {told}: is no folder")
    if not os.access(told, os.W_OK | os.X_OK):
        raise AcavError(f"--folder {told}: cannot be written to")
    return told.resolve()


def _filesystem(folder: Path) -> str | None:
    """What kind a folder lies on, such as ext4, or tmpfs in memory."""
    within = {Path(one.mountpoint): one.fstype for one in psutil.disk_partitions(all=True)}
    return next((within[one] for one in (folder, *folder.parents) if one in within), None)
