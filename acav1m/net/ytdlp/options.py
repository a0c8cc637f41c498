"""The options that yt-dlp's library is given: ours, and over them the user's own."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acav1m.errors import AcavError

if TYPE_CHECKING:
    from collections.abc import Mapping

RUNTIMES = ("deno", "node", "bun", "quickjs")
"""Programs that can run a site's JavaScript; without one, YouTube gives few formats or none."""

FFMPEG = {
    "ffmpeg_i": [
        *("-loglevel", "warning"),  # after yt-dlp's own "quiet": the reason is wanted
        *("-protocol_whitelist", "http,https,tls,tcp,httpproxy,crypto,data"),
    ],
    "ffmpeg_o": ["-copyts"],
}
"""For stretches, which ffmpeg fetches: what it says, what it may open, and that it keeps times."""


NAME = "source%(section_start&-{}|)s%(section_end&-{}|)s.%(ext)s"
"""No stretch may be gone on with, or be taken, for another one or for the whole."""

OURS = frozenset(
    {"download_archive", "exec_cmd", "netrc_cmd", "outtmpl", "paths", "postprocessors"}
    | {"simulate", "skip_download"}
)
"""Options that say where files go, whether any come, or which commands run."""


class Notes:
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


def options(task: Mapping[str, Any], notes: Notes, *, direct: bool) -> dict[str, Any]:
    """Options by the library's names; `direct` has it use no proxy, also none of the environment.

    Raises:
        AcavError: The user gave an option that does not exist, or is not to be changed.
    """
    folder = Path(task["folder"])
    more = dict(task["more"])
    _check_names(more)
    programs = {**FFMPEG, **more.pop("external_downloader_args", {})}
    cookies = _cookies(task["cookies"], folder)
    return {
        "quiet": True,
        "noprogress": True,
        "logger": notes,
        "noplaylist": True,
        "playlist_items": "1:2",  # enough to see that a page has several
        "cachedir": False,
        "retries": 3,
        "fragment_retries": 5,
        "skip_unavailable_fragments": False,  # a film with a hole in it is none
        "socket_timeout": 30,
        "outtmpl": {"default": str(folder / NAME)},
        "format": task["format"],
        "format_sort": list(task["format_sort"]),
        "max_filesize": task["max_bytes"],
        "external_downloader_args": programs,
        "js_runtimes": {name: {} for name in RUNTIMES},
        **({"cookiefile": cookies} if cookies else {}),
        **({"proxy": ""} if direct else {}),
        **more,
    }


def find_ffmpeg(folder: Path) -> None:
    """Put ffmpeg where yt-dlp looks for it; to its options, it does not listen everywhere."""
    from acav1m.media import ffmpeg

    place = folder / "bin"
    place.mkdir(exist_ok=True)
    with suppress(FileExistsError):
        (place / "ffmpeg").symlink_to(ffmpeg.program())
    if str(place) not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((str(place), os.environ["PATH"]))


def _check_names(more: Mapping[str, Any]) -> None:
    """The library takes any name, and forgets those it does not know."""
    if not more:
        return
    from yt_dlp import parse_options

    known = {*parse_options([]).ydl_opts, "external_downloader_args", "http_headers"}
    for name in more:
        if name in OURS:
            raise AcavError(f"more: {name!r} is not to be changed: it is ours to set")
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise AcavError(f"more: yt-dlp's library has no option {name!r}{hint}")


def _cookies(given: str | None, folder: Path) -> str | None:
    """A copy of the cookies: yt-dlp writes into its file, and several of it would at once."""
    if given is None:
        return None
    copy = folder / "cookies"
    descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as to, Path(given).open("rb") as given_file:
        shutil.copyfileobj(given_file, to)
    return str(copy)
