"""Builds that are killed in the middle of downloads lose nothing and count nothing twice."""

from __future__ import annotations

import hashlib
import struct
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from acav1m.net.part import NOTED_FROM_BYTES


class Dripping:
    """Gives a file in pieces, from where it is asked for, or always from its start."""

    def __init__(self, serving: Any, content: bytes, *, ranges: bool) -> None:
        self.serving, self.content, self.ranges = serving, content, ranges
        self.started: list[int] = []

    async def __call__(self, request: Any) -> Any:
        """Answer."""
        span = request.headers.get("Range") if self.ranges else None
        start = int(span.removeprefix("bytes=").removesuffix("-")) if span else 0
        self.started.append(start)
        headers = {"Content-Type": "video/mp4", "ETag": '"one"'}
        if span:
            headers["Content-Range"] = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
        drip = self.serving.drip(
            self.content[start:], 60_000, 0.1, code=206 if span else 200, **headers
        )
        return await drip(request)


def killed(command: list[str], folder: Path, *, whole: bool) -> None:
    """Begin to build, wait until another 100 kB have come, and kill the driver, or all at once."""
    there = bytes_under(folder)
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(3000):
        if bytes_under(folder) >= there + 100_000 or child.poll() is not None:
            break
        time.sleep(0.01)
    family = []
    with suppress(psutil.NoSuchProcess):  # it may be through by now
        driver = psutil.Process(child.pid)
        family = [driver, *driver.children(recursive=True)]
    for process in family if whole else family[:1]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    child.wait()
    _, alive = psutil.wait_procs(family[1:], timeout=10)
    assert not alive


def bytes_under(folder: Path) -> int:
    """What was fetched so far of files under way."""
    return sum(path.stat().st_size for path in folder.glob("scratch/fetched/*/*/*.part"))


def padding(size: int) -> bytes:
    """A box of MP4 that players skip."""
    return struct.pack(">I4s", 8 + size, b"free") + bytes(size)


@pytest.mark.slow
def test_killed_again_and_again_every_file_comes_whole_and_once(
    server: Any, serving: Any, film: Any, building: Any
) -> None:
    contents = [film(20 + n, 6.0) + padding(NOTED_FROM_BYTES) for n in range(4)]
    dripping = [Dripping(serving, c, ranges=n != 3) for n, c in enumerate(contents)]
    urls = [server.url(f"/{n}.mp4", answer) for n, answer in enumerate(dripping)]
    spans = [f"{url},{s},{s + 1}" for url in urls for s in (2, 4)]
    building.lists(*spans, header="url,start_s,end_s")

    for number in range(3):
        killed(building.command(), building.work, whole=number % 2 == 0)
    rows = building.built()

    assert len(rows) == 8
    assert {row["state"] for row in rows.values()} == {"kept"}
    for url, content in zip(urls, contents, strict=True):
        mine = [row for row in rows.values() if row["source_uri"] == url]
        assert {row["source_sha256"] for row in mine} == {hashlib.sha256(content).hexdigest()}
        assert {row["decode_errors"] for row in mine} == {0}
    resumed = [start for answer in dripping[:3] for start in answer.started if start]
    assert resumed, "some went on inside the file"
    assert not any(dripping[3].started)
    assert not list(building.work.glob("scratch/fetched/*"))
