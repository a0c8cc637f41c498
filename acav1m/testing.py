"""Clips made on the spot, whose right answers are known because they were put there.

For doctests, tests and anyone who writes a step. Each clip lies in a temporary folder that goes
when the clip does; give a `folder` to keep it.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

from acav1m.clip import Clip
from acav1m.media import encode
from acav1m.media.decode import RELEASE_RATE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

FPS = 25
SIZE_PX = 64
GREY = 128
BEEP_S = 0.05
FADE = 0.5


def tone(
    seconds: float = 2, *, hz: float = 440, level_db: float = -20, folder: Path | None = None
) -> Clip:
    """A sine whose peak is at `level_db` dBFS, over a grey picture that never changes."""
    return from_arrays(grey(seconds), FPS, sine(seconds, hz=hz, level_db=level_db), folder=folder)


def silence(seconds: float = 2, *, folder: Path | None = None) -> Clip:
    """Digital silence over a grey picture that never changes."""
    quiet = np.zeros(round(seconds * RELEASE_RATE_HZ), np.float32)
    return from_arrays(grey(seconds), FPS, quiet, folder=folder)


def flash_and_beep(
    times_s: Sequence[float],
    *,
    offset_s: float = 0,
    seconds: float | None = None,
    folder: Path | None = None,
) -> Clip:
    """White flashes that fade, at `times_s`, and a beep `offset_s` after each."""
    seconds = max(times_s) + 1 if seconds is None else seconds
    flashes = np.zeros(round(seconds * FPS))
    flashes[[round(time_s * FPS) for time_s in times_s]] = 1
    light = np.convolve(flashes, FADE ** np.arange(FPS))[: flashes.size, None, None, None]
    frames = np.broadcast_to(light.clip(0, 1) * 219 + 16, (flashes.size, SIZE_PX, SIZE_PX, 3))
    audio = np.zeros(round(seconds * RELEASE_RATE_HZ), np.float32)
    beep = sine(BEEP_S, hz=1000, level_db=-6)
    for time_s in times_s:
        start = round((time_s + offset_s) * RELEASE_RATE_HZ)
        if 0 <= start <= audio.size - beep.size:
            audio[start : start + beep.size] = beep
    return from_arrays(frames.astype(np.uint8), FPS, audio, folder=folder)


def from_arrays(
    frames: NDArray[np.uint8],
    fps: float,
    audio: NDArray[np.float32],
    rate_hz: int = RELEASE_RATE_HZ,
    *,
    folder: Path | None = None,
) -> Clip:
    """A clip of these pictures (n, height, width, 3; even sizes) and this sound.

    `audio` is float in [-1, 1], mono (n,) or (channels, n); the FLAC beside the mp4 is made of
    it as a build would: mono at 16 kHz.
    """
    made = Path(tempfile.mkdtemp(prefix="acav1m-")) if folder is None else folder
    channels = np.atleast_2d(np.asarray(audio, np.float32))
    encode.write(made / "clip.mp4", frames, fps, channels, rate_hz)
    write_flac(made / "clip.flac", channels, rate_hz)
    clip = Clip(made / "clip")
    if folder is None:
        weakref.finalize(clip, shutil.rmtree, made, ignore_errors=True)
    return clip


def grey(seconds: float) -> NDArray[np.uint8]:
    """Grey pictures that never change, (n, 64, 64, 3) at 25 per second."""
    return np.full((max(1, round(seconds * FPS)), SIZE_PX, SIZE_PX, 3), GREY, np.uint8)


def sine(
    seconds: float, *, hz: float = 440, level_db: float = -20, rate_hz: int = RELEASE_RATE_HZ
) -> NDArray[np.float32]:
    """A sine (n,) whose peak is at `level_db` dBFS."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return (10 ** (level_db / 20) * np.sin(2 * np.pi * hz * time_s)).astype(np.float32)


def write_flac(path: Path, channels: NDArray[np.float32], rate_hz: int) -> None:
    """Write the mean of the channels as 16-bit mono FLAC at 16 kHz."""
    import soxr

    mono = soxr.resample(channels.mean(axis=0), rate_hz, RELEASE_RATE_HZ)
    whole = np.clip(np.round(mono * 32768), -32768, 32767).astype(np.int16)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=RELEASE_RATE_HZ, layout="mono")
        sound = av.AudioFrame.from_ndarray(whole[None], format="s16", layout="mono")
        sound.sample_rate, sound.pts = RELEASE_RATE_HZ, 0
        container.mux(stream.encode(sound))
        container.mux(stream.encode(None))
