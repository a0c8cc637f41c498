"""yt-dlp in a process of its own: `python -m acav1m.net.ytdlp`, a task in, an answer out, as JSON.

A site's player code, plugins and ffmpeg run here, so whatever they do ends with this process. It
ends with everything it started when its standard input does, which is when its parent is gone.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNTIMES = ("deno", "node", "bun", "quickjs")
"""Programs that can run a site's JavaScript; without one, YouTube gives few formats or none."""

LIVE = frozenset({"is_live", "is_upcoming", "post_live"})
EARLIEST_S = 60.0
"""A stretch begins at a picture that can be decoded alone, hardly this much before it is wanted."""


NAMING = ("channel_id", "uploader_id", "channel", "uploader", "channel_url", "uploader_url")
"""What yt-dlp may know of who uploaded a video."""


class Refused(Exception):
    """What is known of the video already says that it will not do."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(kind, message)
        self.kind, self.message = kind, message


class _Notes:
    """What yt-dlp says; where nothing is raised, its last words are the reason."""

    def __init__(self) -> None:
        self.last = ""

    def debug(self, message: str) -> None:
        """What went on, and it says there that a file is too large."""
        if "max-filesize" in message:
            self.last = message

    def info(self, message: str) -> None:
        """Of no interest."""

    def warning(self, message: str) -> None:
        """May tell of what is missing, such as a JavaScript runtime."""
        print(message, file=sys.stderr)

    def error(self, message: str) -> None:
        """The reason."""
        self.last = message


def main() -> None:
    """Do one task."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    task = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        answer = Task(task).run()
    except Refused as refused:
        answer = {"kind": refused.kind, "message": refused.message}
    except ImportError as error:
        answer = {"missing": error.name or str(error)}
    except Exception as error:  # all that yt-dlp raises, and its bugs, become a message
        answer = {"error": str(error) or type(error).__name__}
    _say(answers, answer)


class Task:
    """One video to bring."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.task = task
        self.folder = Path(task["folder"])
        self.notes = _Notes()
        self.span: tuple[float, float] | None = None
        """The stretch that is brought; None for all of it."""

    def run(self) -> dict[str, Any]:
        """Bring it, and say what it is; or only look."""
        if self.task["look"]:
            return self._look()
        found = self._bring(self.task["policy"])
        if self.span is None:
            return found | {"begins_s": None}
        begins_s = _begins_s(found["path"])
        if -EARLIEST_S <= begins_s - self.span[0] <= self.task["pad_s"]:
            return found | {"begins_s": begins_s}
        Path(found["path"]).unlink()  # its times are not the source's: nothing can be cut from it
        return self._bring("whole") | {"begins_s": None}

    def _bring(self, policy: str) -> dict[str, Any]:
        import yt_dlp

        _find_ffmpeg(self.folder)
        self.span = None
        with yt_dlp.YoutubeDL(self._params(policy)) as ydl:
            info = ydl.extract_info(self.task["url"], download=True)
        info = _only(info)
        files = [d.get("filepath") for d in info.get("requested_downloads") or ()]
        if not files or not files[0] or not Path(files[0]).is_file():
            raise RuntimeError(self.notes.last or "yt-dlp brought no file and said no reason")
        return {"path": files[0], **_said(info)}

    def _look(self) -> dict[str, Any]:
        import yt_dlp

        with yt_dlp.YoutubeDL(self._params("whole")) as ydl:
            info = _only(ydl.extract_info(self.task["url"], download=False))
        _refuse_live(info)
        return _said(info)

    def _params(self, policy: str) -> dict[str, Any]:
        """Options for the library; `more` are the user's own, by the library's names."""
        task = self.task
        cookies = self._cookies()
        return {
            "quiet": True,
            "noprogress": True,
            "logger": self.notes,
            "noplaylist": True,
            "cachedir": False,
            "retries": 3,
            "fragment_retries": 5,
            "socket_timeout": 30,
            "outtmpl": {"default": str(self.folder / "source.%(ext)s")},
            "format": task["format"],
            "format_sort": list(task["format_sort"]),
            "max_filesize": task["max_bytes"],
            "external_downloader_args": {"ffmpeg_o": ["-copyts"]},
            "js_runtimes": {name: {} for name in RUNTIMES},
            "download_ranges": lambda info, _: self._ranges(info, policy),
            **({"cookiefile": cookies} if cookies else {}),
            **task["more"],
        }

    def _ranges(self, info: dict[str, Any], policy: str) -> Iterator[dict[str, Any]]:
        """Refuse what will not do, and choose between all of it and a stretch."""
        _refuse_live(info)
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
            if end_s - start_s > duration_s / 2:
                return None
        return start_s, end_s if duration_s is None else min(end_s, duration_s)

    def _cookies(self) -> str | None:
        """A copy of the cookies: yt-dlp writes into its file, and several of it would at once."""
        given = self.task["cookies"]
        if given is None:
            return None
        copy = self.folder / "cookies"
        descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as to, Path(given).open("rb") as given_file:
            shutil.copyfileobj(given_file, to)
        return str(copy)


def _only(info: dict[str, Any] | None) -> dict[str, Any]:
    """The one video of a page."""
    entries = [e for e in (info or {}).get("entries") or () if e]
    if len(entries) > 1:
        raise Refused("not_media", f"leads to {len(entries)} videos, not to one")
    return entries[0] if entries else info or {}


def _refuse_live(info: dict[str, Any]) -> None:
    if info.get("is_live") or info.get("live_status") in LIVE:
        raise Refused("live", "it is a live or coming broadcast, not yet a video")


def _said(info: dict[str, Any]) -> dict[str, Any]:
    """What the page says of the video and of whose it is."""
    named = [info.get(key) for key in NAMING]
    names = [name for name in [*named, *(info.get("creators") or ())] if name]
    return {
        "id": info.get("id"),
        "site": info.get("extractor_key"),
        "page": info.get("webpage_url"),
        "duration_s": info.get("duration"),
        "license": info.get("license"),
        "uploader": info.get("channel_id") or info.get("uploader_id"),
        "names": list(dict.fromkeys(map(str, names))),
    }


def _begins_s(path: str) -> float:
    """When the file begins, by its own times."""
    import av

    with av.open(path) as container:
        return float((container.start_time or 0) / av.time_base)


def _find_ffmpeg(folder: Path) -> None:
    """Put ffmpeg where yt-dlp looks for it; to its options, it does not listen everywhere."""
    from acav1m.media import ffmpeg

    place = folder / "bin"
    place.mkdir(exist_ok=True)
    with suppress(FileExistsError):
        (place / "ffmpeg").symlink_to(ffmpeg.program())
    if str(place) not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((str(place), os.environ["PATH"]))


def _end_with_parent() -> None:
    sys.stdin.read()
    import psutil

    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()
    os._exit(1)


def _say(answers: IO[str], answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
