"""Decode a finished clip: small pictures and sound in one pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.video.reformatter import Interpolation

from acav1m.errors import ClipError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from acav1m.clip import View

RELEASE_RATE_HZ = 16_000
"""Rate of the mono FLAC beside every clip."""


@dataclass(frozen=True)
class Frames:
    """Pictures with their times: `times_s` (n,) seconds, `images` (n, height, width, 3) uint8."""

    times_s: NDArray[np.float64]
    images: NDArray[np.uint8]


@dataclass(frozen=True)
class Track:
    """Sound: `samples` (channels, n) float32, `start_s` when its first sample is heard."""

    samples: NDArray[np.float32]
    rate_hz: int
    start_s: float


@dataclass(frozen=True)
class Decoded:
    """What one pass over an mp4 gives."""

    frames: Mapping[View, Frames]
    track: Track
    frame_times_s: NDArray[np.float64]
    fps: float | None
    width: int
    height: int


def clip(path: Path, views: Collection[View] = ()) -> Decoded:
    """Decode pictures (at each view's size) and sound of a clip in one pass.

    Raises:
        ClipError: `undecodable` when it has no picture, no sound, or does not decode.
    """
    times: list[float] = []
    images: dict[View, list[NDArray[np.uint8]]] = {view: [] for view in views}
    chunks: list[NDArray[np.float32]] = []
    audio_start_s: float | None = None
    try:
        with av.open(str(path)) as container:
            if not container.streams.video or not container.streams.audio:
                raise ClipError("undecodable", f"{path.name} lacks a picture or sound stream")
            video, audio = container.streams.video[0], container.streams.audio[0]
            video.codec_context.thread_count = 1
            resampler = AudioResampler(format="fltp")
            for frame in container.decode(video, audio):
                if isinstance(frame, av.VideoFrame):
                    times.append(float(frame.time or 0.0))
                    for view, kept in images.items():
                        kept.append(_small(frame, view))
                elif isinstance(frame, av.AudioFrame):
                    if audio_start_s is None:
                        audio_start_s = float(frame.time or 0.0)
                    for sound in resampler.resample(frame):
                        chunks.append(sound.to_ndarray().astype(np.float32, copy=False))
            rate_hz, fps = audio.codec_context.sample_rate, video.average_rate
            width, height = video.codec_context.width, video.codec_context.height
    except av.error.FFmpegError as error:
        raise ClipError("undecodable", f"{path.name} does not decode: {error.strerror}") from error
    if not times or not chunks:
        raise ClipError("undecodable", f"{path.name} decodes to no picture or no sound")
    times_s = np.asarray(times)
    return Decoded(
        frames={view: Frames(times_s, np.stack(kept)) for view, kept in images.items()},
        track=Track(np.concatenate(chunks, axis=1), rate_hz, audio_start_s or 0.0),
        frame_times_s=times_s,
        fps=float(fps) if fps else None,
        width=width,
        height=height,
    )


def flac(path: Path) -> NDArray[np.float32]:
    """Decode a mono 16-bit FLAC to float32 in [-1, 1), shape (samples,).

    Raises:
        ClipError: `undecodable` when it does not decode.
    """
    try:
        with av.open(str(path)) as container:
            chunks = [frame.to_ndarray() for frame in container.decode(audio=0)]
    except av.error.FFmpegError as error:
        raise ClipError("undecodable", f"{path.name} does not decode: {error.strerror}") from error
    if not chunks:
        raise ClipError("undecodable", f"{path.name} holds no sound")
    samples: NDArray[np.float32] = np.concatenate(chunks, axis=1)[0].astype(np.float32) / 32768
    return samples


def _small(frame: av.VideoFrame, view: View) -> NDArray[np.uint8]:
    # one thread: PyAV's threaded conversion does not always give the same pixels
    small = frame.reformat(
        view.width, view.height, "rgb24", interpolation=Interpolation.AREA, threads=1
    )
    return small.to_ndarray().astype(np.uint8, copy=False)
