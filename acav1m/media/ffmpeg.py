"""Run the ffmpeg program within limits of time and memory."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acav1m.errors import AcavError, ClipError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MEMORY_BYTES = 4 * 1024**3
"""Address space one ffmpeg may take; 4K pictures fit, a decoder gone wild does not."""

BEAT_S = 20.0
"""Between two signs of life while ffmpeg works: it has a limit of its own."""

NO_ROOM = "No space left on device"

HARMLESS = "mmco: unref short failure"
"""What H.264 says of healthy pictures too, when decoding begins inside a stream of open groups."""


@cache
def program() -> str:
    """Path of the system's ffmpeg, else of the one in the `imageio-ffmpeg` wheel.

    Raises:
        AcavError: There is neither.
    """
    found = shutil.which("ffmpeg")
    if found:
        return found
    import imageio_ffmpeg

    try:
        path: str = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as error:
        raise AcavError("no ffmpeg: install ffmpeg, or reinstall imageio-ffmpeg") from error
    return path


@cache
def version() -> str:
    """The version it calls itself."""
    said = subprocess.run([program(), "-version"], capture_output=True, text=True, check=True)
    return said.stdout.split()[2]


def run(stream: Any, *, timeout_s: float, alive: Callable[[], None] = lambda: None) -> int:
    """Run an ffmpeg-python stream graph; return how often its decoders complained.

    `alive` is called now and then while it works.

    Raises:
        ClipError: `timeout` after `timeout_s`, else `ffmpeg` with the reason ffmpeg gave.
    """
    import ffmpeg

    words = [
        "-hide_banner",
        "-nostdin",
        "-loglevel",
        "repeat+level+error",
        "-filter_complex_threads",
        "1",
    ]
    command = ffmpeg.compile(stream.global_args(*words), cmd=program(), overwrite_output=True)
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _limit_memory(process.pid)
        try:
            code = _wait(process, timeout_s, alive)
        except subprocess.TimeoutExpired as error:
            reason = f"ffmpeg took longer than {timeout_s:.0f} s"
            raise ClipError("timeout", reason, transient=True) from error
        finally:
            process.kill()
            process.wait()
        log.seek(0)
        said = _without_folders(log.read(1 << 20).decode("utf-8", "replace"), command)
    lines = [line for line in said.splitlines() if line]
    if code or any(NO_ROOM in line for line in lines):  # old ones end with 0 on a full disk
        raise _reason(lines, code)
    return sum("[error]" in line and HARMLESS not in line for line in lines)


def _wait(process: subprocess.Popen[bytes], timeout_s: float, alive: Callable[[], None]) -> int:
    while timeout_s > BEAT_S:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(BEAT_S)
        alive()
        timeout_s -= BEAT_S
    return process.wait(timeout_s)


def _limit_memory(pid: int) -> None:
    try:
        import resource
    except ImportError:  # not a Unix: no such limit there
        return
    if hasattr(resource, "prlimit"):
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _without_folders(said: str, command: Sequence[str]) -> str:
    """What goes into the ledger tells nobody where files lie on this machine."""
    for word in command:
        if word.startswith("file:"):
            said = said.replace(word, Path(word).name)
    return said


def _reason(lines: Sequence[str], code: int) -> Exception:
    if any(NO_ROOM in line for line in lines):
        return AcavError("no space left on the disk of the work folder; free some and run again")
    if any("NaN" in line for line in lines):
        return ClipError("bad_sound", "the sound holds samples that are not numbers (NaN, Inf)")
    if code < 0:
        return ClipError("ffmpeg", f"ffmpeg was killed by signal {-code}")
    said = re.sub(r"^(\[[^]]*\] )*", "", lines[0]) if lines else ""
    return ClipError("ffmpeg", f"ffmpeg gave up: {said or f'exit code {code}'}")
