"""What downloads may need of this machine, and whether it is there; asks nobody."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

COOKIES = "ACAV1M_COOKIES"
"""The environment variable that names a cookies file for `youtube`."""

OLD_DAYS = 60
"""Sites change, and yt-dlp follows them, about every month."""

RUNTIMES = {"deno": (2, 3), "node": (22,), "bun": (1, 2, 11), "qjs": (2023, 12, 9)}
"""Programs that yt-dlp can run a site's JavaScript with, and the oldest versions that will do."""


def facts(today: date | None = None) -> list[tuple[str, str]]:
    """What is looked at, and what is to be said of it."""
    return [
        ("yt-dlp", _ytdlp(today or datetime.now(UTC).date())),
        ("JavaScript", _javascript()),
        ("cookies", _cookies()),
        ("Hub token", _hub_token()),
    ]


def _ytdlp(today: date) -> str:
    try:
        found = version("yt-dlp")
    except PackageNotFoundError:
        return "not installed; for: the source youtube: pip install 'acav1m[download]'"
    dated = re.match(r"(\d{4})\.(\d{1,2})\.(\d{1,2})", found)
    if dated is None:
        return found
    days = (today - date(*map(int, dated.groups()))).days
    old = "; sites change: pip install -U 'yt-dlp[default]'" if days > OLD_DAYS else ""
    return f"{found}, {days} days old{old}"


def _javascript() -> str:
    too_old = ""
    for name, oldest in RUNTIMES.items():
        if shutil.which(name) is None:
            continue
        found = _version_of(name)
        if found >= oldest:
            return f"{name} {'.'.join(map(str, found))}"
        too_old += f" ({name} is older than {'.'.join(map(str, oldest))})"
    return f"no program to run YouTube's; install deno{too_old}"


def _version_of(name: str) -> tuple[int, ...]:
    option = "--help" if name == "qjs" else "--version"
    said = subprocess.run([name, option], capture_output=True, text=True, check=False)
    found = re.search(r"(\d+)[.-](\d+)[.-](\d+)", said.stdout + said.stderr)
    return tuple(map(int, found.groups())) if found else ()


def _cookies() -> str:
    given = os.environ.get(COOKIES)
    if given is None:
        return f"none given in {COOKIES}; some videos ask for them"
    path = Path(given).expanduser()
    if not path.is_file():
        return f"{COOKIES} names no file"
    open_to_others = path.stat().st_mode & 0o077
    return "given" + ("; others can read the file: chmod 600" if open_to_others else "")


def _hub_token() -> str:
    if importlib.util.find_spec("huggingface_hub") is None:
        return "huggingface_hub is not installed; for: the Hub: pip install 'acav1m[hub]'"
    from huggingface_hub import get_token

    return "given" if get_token() else "none; for private or gated sets: hf auth login"
