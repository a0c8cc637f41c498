"""Videos made on the spot whose flashes and beeps begin at the very same instants."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray

from acav1m.media import encode

SIZE_PX = 64
RATE_HZ = 48_000
BEEP_S, BEEP_HZ, BEEP_PEAK = 0.03, 1000, 0.5
FLASH_PICTURES = 3


@dataclass(frozen=True)
class Film:
    """A video, and when its flashes and beeps begin, counted from its first picture at `fps`."""

    path: Path
    events_s: NDArray[np.float64]
    fps: float


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Film]:
    """Make a film of that name; with ffmpeg arguments, one that ffmpeg made of a plain film."""
    folder = tmp_path_factory.mktemp("films")

    @cache
    def make(name: str, args: str = "", *, fps: float = 25, seconds: float = 8) -> Film:
        path, plain = folder / name, folder / f"plain-{fps:.3f}.mkv"
        times_s = np.arange(int(seconds * fps)) / fps
        events = _events(times_s)
        pictures, sound = _pictures(len(times_s), events), _beeps(times_s[events], seconds)
        encode.write(plain if args else path, pictures, fps, sound, RATE_HZ)
        if args:
            _convert(plain, path, args)
        return Film(path, times_s[events], fps)

    return make


@pytest.fixture(scope="session")
def convert() -> Callable[[Path, Path, str], None]:
    """Let ffmpeg make one file of another; arguments before a bare `-i` belong to the given."""
    return _convert


def _convert(given: Path, made: Path, args: str) -> None:
    program = imageio_ffmpeg.get_ffmpeg_exe()
    before, _, after = args.rpartition(" -i ")
    command = [program, "-y", "-loglevel", "error", *before.split(), "-i", str(given)]
    subprocess.run([*command, *after.split(), str(made)], check=True)


def _events(times_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """Pictures at irregular times, far enough apart to tell one flash from the next."""
    rng = np.random.default_rng(1)
    wanted_s = np.cumsum(rng.uniform(0.3, 0.8, len(times_s)))
    return np.searchsorted(times_s, wanted_s[wanted_s < times_s[-1] - 0.3])


def _pictures(count: int, events: NDArray[np.int64]) -> NDArray[np.uint8]:
    pictures = np.full((count, SIZE_PX, SIZE_PX, 3), 20, np.uint8)
    for first in events:
        pictures[first : first + FLASH_PICTURES] = 235
    return pictures


def _beeps(
    times_s: NDArray[np.float64], seconds: float, rate_hz: int = 48_000
) -> NDArray[np.float32]:
    sound = np.zeros(round(seconds * rate_hz), np.float32)
    time_s = np.arange(round(BEEP_S * rate_hz)) / rate_hz
    for start in np.round(times_s * rate_hz).astype(int):
        sound[start : start + len(time_s)] = BEEP_PEAK * np.sin(2 * np.pi * BEEP_HZ * time_s)
    return sound
