"""Talk with yt-dlp's process until it has an answer, but not when it takes too long or too much."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from acav1m.errors import AcavError
from acav1m.net.child import Child
from acav1m.net.messages import of_ytdlp
from acav1m.net.outcome import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from acav1m.net.network import Network

POLL_S = 0.25


def do(task: Mapping[str, Any], network: Network, alive: Callable[[], None]) -> dict[str, Any]:
    """Have a process do a task of `net.ytdlp`; nothing of it is left afterwards.

    Raises:
        FetchError: It fails, or takes more than the limits.
        AcavError: The user must act.
    """
    limits = network.limits
    ends_s = time.monotonic() + limits.max_s
    with Child("acav1m.net.ytdlp") as child:
        child.say(task)
        while (answer := _answer(child, network)) is None:
            alive()
            if time.monotonic() > ends_s:
                raise FetchError("timeout", f"took over {limits.max_s:g} s")
            refuse_over(limits.max_bytes, Path(task["folder"]))
        return answer if "names" in answer else _raise(answer, child)


def refuse_over(max_bytes: int, folder: Path) -> None:
    """Refuse a folder in which any file is too big.

    Not their sum: while streams are put together, all that came is there twice.

    Raises:
        FetchError: One is.
    """
    for path in folder.glob("*"):
        with suppress(FileNotFoundError):  # it may be renamed meanwhile
            if not path.is_symlink() and path.stat().st_size > max_bytes:
                raise FetchError("too_big", f"is over {max_bytes} bytes")


def _answer(child: Child, network: Network) -> dict[str, Any] | None:
    """Its answer, None if there is none yet; a question is answered."""
    try:
        said = child.hear(POLL_S)
    except EOFError:
        code, complaints = child.complaints()
        last = complaints.strip().splitlines()[-1:] or ["it said nothing"]
        raise of_ytdlp(f"yt-dlp ended with code {code}: {last[0]}") from None
    if said is None or "may" not in said:
        return said
    objection = network.opted_out(said["may"]) if network.opted_out else None
    child.say({"objection": objection})
    return None


def _raise(answer: Mapping[str, Any], child: Child) -> NoReturn:
    if "kind" in answer:
        raise FetchError(answer["kind"], answer["message"])
    if "missing" in answer:
        raise AcavError(f"{answer['missing']} is missing: pip install 'acav1m[download]'")
    if "wrong" in answer:
        raise AcavError(f"sources.youtube.{answer['wrong']}")
    raise of_ytdlp(answer["error"], child.complaints()[1])
