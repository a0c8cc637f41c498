"""Bring videos from sites with players, through yt-dlp in a process that can be ended at any time.

A site's page, its player's code and its streams are yt-dlp's business; ours is when it may ask,
for how long, how much it may bring, and what its failures mean.
"""

from __future__ import annotations

import socket
import time
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from acav1m.net.dialogue import do, refuse_over
from acav1m.net.outcome import of_exception
from acav1m.net.patience import patiently
from acav1m.net.target import parse
from acav1m.net.ytdlp.guard import proxies

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from acav1m.net.network import Network

Policy = Literal["section", "whole", "auto"]


@dataclass(frozen=True)
class Way:
    """How videos are brought."""

    policy: Policy = "auto"
    """`auto` brings a stretch of videos over `whole_below_s` when that is less than half of it,
    unless the whole would be there sooner, as far as the host's speed is known."""

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

    def once(_: int) -> Video:
        answer = _asked(_task(url, folder, span, way, network), network, alive)
        path = folder / answer["name"]
        refuse_over(network.limits.max_bytes, folder)
        _note_speed(url, answer, network)
        return Video(**_seen(answer), path=path, begins_s=answer["begins_s"])

    return patiently(once, network.limits, alive, sleep)


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
        AcavError: yt-dlp is missing, or an option is wrong.
    """

    def once(_: int) -> Seen:
        with TemporaryDirectory() as folder:
            task = _task(url, Path(folder), None, way, network) | {"look": True}
            return Seen(**_seen(_asked(task, network, alive)))

    return patiently(once, network.limits, alive, sleep)


def _task(
    url: str, folder: Path, span: tuple[float, float] | None, way: Way, network: Network
) -> dict[str, Any]:
    host, speeds = parse(url).netloc, network.speeds
    return {
        **asdict(way),
        "speeds": [speeds.of(host, whole=False), speeds.of(host, whole=True)],
        "url": url,
        "folder": str(folder.absolute()),
        "span": span,
        "look": False,
        "asks": network.opted_out is not None,
        "max_bytes": network.limits.max_bytes,
        "allow_private": network.addresses.allow_private,
    }


def _note_speed(url: str, answer: Mapping[str, Any], network: Network) -> None:
    """Remember how fast it came, for the policy `auto`."""
    if answer["media_s"] is not None:
        host, whole = parse(url).netloc, answer["begins_s"] is None
        network.speeds.came(host, answer["media_s"], answer["took_s"], whole=whole)


def _asked(task: Mapping[str, Any], network: Network, alive: Callable[[], None]) -> dict[str, Any]:
    """Ask the site's host for leave, and have yt-dlp do the task."""
    target = parse(task["url"])
    with network.gate.visit(target.netloc, task["url"], alive):
        if not proxies(task["more"]):  # else it is the proxy that looks the name up
            try:
                network.addresses.of(target)
            except socket.gaierror as error:
                raise of_exception(error) or error from error
        return do(task, network, alive)


def _seen(answer: Mapping[str, Any]) -> dict[str, Any]:
    named = {one.name: answer[one.name] for one in fields(Seen)}
    return named | {"names": tuple(answer["names"])}
