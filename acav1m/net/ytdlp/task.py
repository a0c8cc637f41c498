"""One video that yt-dlp is to bring, or only to look at."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acav1m.net.address import Addresses
from acav1m.net.ytdlp.guard import Guard, ffmpeg_uses, proxies
from acav1m.net.ytdlp.options import Notes, find_ffmpeg, options
from acav1m.net.ytdlp.page import Refused, check, check_streams, names, only, said
from acav1m.net.ytdlp.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EARLIEST_S = 60.0
"""A stretch begins at a picture that can be decoded alone, hardly this much before it is wanted."""

ANY = "b*/bv*/ba*"
"""Any format at all, where none is brought."""


class Task:
    """The task; `objects` is asked with the uploader's names, and says why not."""

    def __init__(self, task: dict[str, Any], objects: Callable[[list[str]], str | None]) -> None:
        self.task = task
        self.objects = objects
        self.notes = Notes()
        self.span: tuple[float, float] | None = None
        """The stretch that is brought; None for all of it."""

        self.began_s = 0.0
        self.own = proxies(task["more"])
        self.direct = not self.own
        """Whether there is no proxy of the user's to be used."""

    def run(self) -> dict[str, Any]:
        """Bring it, and say what it is.

        Raises:
            Refused: It will not do.
        """
        self._watch_connections()
        if self.task["look"]:
            return self._look()
        more = self.task["more"]
        policy = self.task["policy"] if self.direct or ffmpeg_uses(more) else "whole"
        found = self._bring(policy)
        if self.span is None:
            return found | {"begins_s": None}
        path = Path(self.task["folder"]) / found["name"]
        begins_s = _begins_s(path)
        if -EARLIEST_S <= begins_s - self.span[0] <= self.task["pad_s"]:
            return found | {"begins_s": begins_s}
        path.unlink()  # its times are not the source's: nothing can be cut from it
        return self._bring("whole") | {"begins_s": None}

    def _watch_connections(self) -> None:
        """Have all addresses checked from now on."""
        addresses = Addresses(tuple(self.task["allow_private"]))
        other = self.task["more"].get("geo_verification_proxy")
        Guard(addresses, [*self.own, *filter(None, [other])]).watch()
        if self.direct:
            proxy = Proxy(addresses)
            proxy.start()
            proxy.be_used()

    def _bring(self, policy: str) -> dict[str, Any]:
        import yt_dlp

        find_ffmpeg(Path(self.task["folder"]))
        self.span = None
        hooks = {
            "match_filter": lambda info, incomplete: check_streams(info),
            "download_ranges": lambda info, _: self._ranges(info, policy),
        }
        with yt_dlp.YoutubeDL(options(self.task, self.notes, direct=self.direct) | hooks) as ydl:
            info = only(ydl.extract_info(self.task["url"], download=True))
        files = [d.get("filepath") for d in info.get("requested_downloads") or ()]
        if not files or not files[0] or not Path(files[0]).is_file():
            raise RuntimeError(self.notes.last or "yt-dlp brought no file and said no reason")
        media_s = self.span[1] - self.span[0] if self.span else info.get("duration")
        took_s = time.monotonic() - self.began_s
        came = {"name": Path(files[0]).name, "media_s": media_s, "took_s": took_s}
        return came | said(info)

    def _look(self) -> dict[str, Any]:
        import yt_dlp

        hooks = {"format": ANY, "download_ranges": _checked}
        with yt_dlp.YoutubeDL(options(self.task, self.notes, direct=self.direct) | hooks) as ydl:
            return said(only(ydl.extract_info(self.task["url"], download=False)))

    def _ranges(self, info: dict[str, Any], policy: str) -> Iterator[dict[str, Any]]:
        """Refuse what will not do, and choose between all of it and a stretch."""
        check(info)
        why = self.objects(names(info)) if self.task["asks"] else None
        if why is not None:
            raise Refused("opted_out", why)
        self.began_s = time.monotonic()
        duration_s, longest_s = info.get("duration"), self.task["max_duration_s"]
        self.span = self._stretch(policy, duration_s)
        if self.span is not None:
            yield {"start_time": self.span[0], "end_time": self.span[1]}
            return
        if duration_s is not None and longest_s is not None and duration_s > longest_s:
            raise Refused("too_long", f"lasts {duration_s:g} s, over {longest_s:g} s")
        yield {}

    def _stretch(self, policy: str, duration_s: float | None) -> tuple[float, float] | None:
        asked = self.task["span"]
        if policy == "whole" or asked is None:
            return None
        start_s = max(0.0, asked[0] - self.task["pad_s"])
        end_s = asked[1] + self.task["pad_s"]
        if policy == "auto":
            if duration_s is None or duration_s <= self.task["whole_below_s"]:
                return None
            if end_s - start_s > duration_s / 2 or self._whole_is_sooner(
                end_s - start_s, duration_s
            ):
                return None
        return start_s, end_s if duration_s is None else min(end_s, duration_s)

    def _whole_is_sooner(self, stretch_s: float, duration_s: float) -> bool:
        """Whether the host is known to hand out wholes so much faster, and one may be brought."""
        longest_s = self.task["max_duration_s"]
        stretches, wholes = self.task["speeds"]
        if stretches is None or wholes is None or duration_s > (longest_s or duration_s):
            return False
        return bool(duration_s / wholes < stretch_s / stretches)


def _checked(info: dict[str, Any], _: object) -> tuple[dict[str, Any]]:
    check(info)
    return ({},)


def _begins_s(path: Path) -> float:
    """When the file begins, by its own times."""
    import av

    with av.open(path) as container:
        return float((container.start_time or 0) / av.time_base)
