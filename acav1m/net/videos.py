"""Bring videos from sites with players, through yt-dlp in a process that can be ended at any time.

A site's page, its player's code and its streams are yt-dlp's business; ours is when it may ask,
for how long, how much it may bring, and what its failures mean.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

import psutil

from acav1m.errors import AcavError
from acav1m.net.messages import of_ytdlp
from acav1m.net.outcome import FetchError, of_exception
from acav1m.net.patience import patiently
from acav1m.net.target import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from acav1m.net.network import Network

Policy = Literal["section", "whole", "auto"]
POLL_S = 0.25
KEPT_WORDS = 4000
"""Characters of yt-dlp's standard error that may explain why it ended."""


@dataclass(frozen=True)
class Way:
    """How videos are brought."""

    policy: Policy = "auto"
    """`auto` brings a stretch of videos over `whole_below_s` when that is less than half of it."""

    whole_below_s: float = 1200.0
    pad_s: float = 1.0
    """Around a stretch, so that a cut finds what it needs."""

    max_duration_s: float | None = None
    """A video that lasts longer is not brought as a whole."""

    format: str = "bv*+ba/b"
    format_sort: tuple[str, ...] = ("ext:mp4:m4a",)
    cookies: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    """Further options of yt-dlp's library, by its names (proxy, extractor_args, ratelimit ...)."""


@dataclass(frozen=True)
class Seen:
    """What a site says of a video."""

    id: str | None
    site: str | None
    page: str | None
    duration_s: float | None
    license: str | None
    """As the site words it; None where it says nothing, which many do of their usual one."""

    uploader: str | None
    """The most lasting id that it has of who uploaded it: never to be published."""

    names: tuple[str, ...]
    """Ids, handles, names and pages of its uploader: never to be published."""


@dataclass(frozen=True)
class Video(Seen):
    """A video that was brought, or a stretch of it."""

    path: Path
    begins_s: float | None
    """Where in the video the stretch begins; None for all of it."""


def bring(
    url: str,
    folder: Path,
    span: tuple[float, float] | None,
    way: Way,
    network: Network,
    alive: Callable[[], None] = lambda: None,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Video:
    """Bring a video, or the stretch of it that `span` names, into a folder.

    Raises:
        FetchError: It cannot be had.
        Blocked: It is us who are refused.
        AcavError: yt-dlp is missing.
    """
    return patiently(
        lambda _: _attempt(url, folder, span, way, network, alive), network.limits, alive, sleep
    )


def look(
    url: str,
    way: Way,
    network: Network,
    alive: Callable[[], None] = lambda: None,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Seen:
    """What the site says of a video now; no media is brought.

    Raises:
        FetchError: It cannot be had.
        Blocked: It is us who are refused.
        AcavError: yt-dlp is missing.
    """
    return patiently(lambda _: _look_once(url, way, network, alive), network.limits, alive, sleep)


def _look_once(url: str, way: Way, network: Network, alive: Callable[[], None]) -> Seen:
    with TemporaryDirectory() as folder:
        task = {**asdict(way), "url": url, "folder": folder, "span": None, "look": True}
        return Seen(**_seen(_asked(task, network, alive)))


def _attempt(
    url: str,
    folder: Path,
    span: tuple[float, float] | None,
    way: Way,
    network: Network,
    alive: Callable[[], None],
) -> Video:
    task = {**asdict(way), "url": url, "folder": str(folder), "span": span, "look": False}
    answer = _asked(task, network, alive)
    return Video(**_seen(answer), path=Path(answer["path"]), begins_s=answer["begins_s"])


def _seen(answer: Mapping[str, Any]) -> dict[str, Any]:
    named = {one.name: answer[one.name] for one in fields(Seen)}
    return named | {"names": tuple(answer["names"])}


def _asked(task: Mapping[str, Any], network: Network, alive: Callable[[], None]) -> dict[str, Any]:
    url = task["url"]
    target = parse(url)
    with network.gate.visit(target.netloc, url, alive):
        if "proxy" not in task["more"]:  # else it is the proxy that looks the name up
            try:
                network.addresses.of(target)
            except socket.gaierror as error:
                raise of_exception(error) or error from error
        limits = network.limits
        task = {**task, "max_bytes": limits.max_bytes}
        return _run(task, Path(task["folder"]), limits.max_bytes, limits.max_s, alive)


def _run(
    task: Mapping[str, Any],
    folder: Path,
    max_bytes: int,
    max_s: float,
    alive: Callable[[], None],
) -> dict[str, Any]:
    """Have a process do it, and end that when it takes too long or brings too much."""
    ends_s = time.monotonic() + max_s
    with _process() as (child, said):
        assert child.stdin is not None
        with suppress(BrokenPipeError):
            child.stdin.write(json.dumps(task).encode() + b"\n")
            child.stdin.flush()  # and left open: its end is the end of the process
        while child.poll() is None:
            alive()
            if time.monotonic() > ends_s:
                raise FetchError("timeout", f"took over {max_s:g} s")
            if _bytes(folder) > max_bytes:
                raise FetchError("too_big", f"is over {max_bytes} bytes")
            with suppress(subprocess.TimeoutExpired):
                child.wait(POLL_S)
        answered, complained = said()
    return _understood(answered, complained, child.returncode)


def _understood(answered: str, complained: str, code: int) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(answered) if answered.endswith("\n") else {}
    if "names" in answer:
        return answer
    if "kind" in answer:
        raise FetchError(answer["kind"], answer["message"])
    if "missing" in answer:
        raise AcavError(f"{answer['missing']} is missing: pip install 'acav1m[download]'")
    last = complained.strip().splitlines()[-1:] or ["it said nothing"]
    raise of_ytdlp(answer.get("error") or f"yt-dlp ended with code {code}: {last[0]}")


@contextmanager
def _process() -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], tuple[str, str]]]]:
    """The process, and what it says once it has ended; nothing of it is left afterwards."""
    path = os.pathsep.join(filter(None, sys.path))
    child = subprocess.Popen(
        [sys.executable, "-m", "acav1m.net.ytdlp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    heard: dict[str, str] = {}
    listeners = [
        threading.Thread(target=_listen, args=(child, name, heard), daemon=True)
        for name in ("stdout", "stderr")
    ]
    for listener in listeners:
        listener.start()

    def said() -> tuple[str, str]:
        for listener in listeners:
            listener.join(POLL_S)  # a grandchild may hold the pipe open
        return heard.get("stdout", ""), heard.get("stderr", "")

    try:
        yield child, said
    finally:
        _end(child)
        for listener in listeners:
            listener.join(POLL_S)


def _listen(child: subprocess.Popen[bytes], name: str, heard: dict[str, str]) -> None:
    with getattr(child, name) as pipe:
        for line in pipe:
            text = line.decode(errors="replace")
            heard[name] = (heard.get(name, "") + text)[-KEPT_WORDS:] if name == "stderr" else text


def _end(child: subprocess.Popen[bytes]) -> None:
    """End it with all it started, and leave no pipe open."""
    family: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(child.pid)
        family = [*root.children(recursive=True), root]
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    child.wait()
    assert child.stdin is not None
    with suppress(BrokenPipeError):
        child.stdin.close()


def _bytes(folder: Path) -> int:
    total = 0
    for path in folder.glob("*"):
        with suppress(FileNotFoundError):  # it may be renamed meanwhile
            total += 0 if path.is_symlink() else path.stat().st_size
    return total
